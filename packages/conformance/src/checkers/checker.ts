import type { HistoryEvent } from '../history/history.js'

/** An invariant of Waybill, checked over the facts of one history and over nothing else. */
export interface Checker {
  /** `I1` to `I16`; a violation is reported as a failed check of this name. */
  readonly id: string
  /** The invariant as a sentence. */
  readonly title: string
  /** Every violation in the history, none for a legal one. */
  check(history: readonly HistoryEvent[]): readonly Violation[]
}

/** One place where a history breaks an invariant. */
export interface Violation {
  /** The id of the checker that found it. */
  readonly checker: string
  /** What was broken, with the ids of the messages, runs or deliveries that show it. */
  readonly text: string
  /** The fact at which it became certain. */
  readonly seq?: number
}
