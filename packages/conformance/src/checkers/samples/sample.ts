import type { HistoryEvent } from '../../history/history.js'

/** A history whose verdict is known. */
export interface Sample {
  readonly name: string
  /** The checker that it is about. */
  readonly of: string
  /** `legal`: at the edge of what is allowed, and on this side of it. */
  readonly verdict: 'violation' | 'legal'
  readonly history: readonly HistoryEvent[]
}

/** Names each history of one checker. */
export const samplesOf = (
  of: string,
  { violations, legal }: Readonly<Record<'violations' | 'legal', Readonly<Record<string, readonly HistoryEvent[]>>>>,
): readonly Sample[] => [
  ...Object.entries(violations).map(([name, history]) => ({ name, of, verdict: 'violation' as const, history })),
  ...Object.entries(legal).map(([name, history]) => ({ name, of, verdict: 'legal' as const, history })),
]
