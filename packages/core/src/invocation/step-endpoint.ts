import type { Lanes } from '../runtime/lanes.js'

/** Why a step lets an endpoint take nothing new. */
export type StepPauseReason = 'circuit-open'

/** Why an endpoint takes one at a time. */
export type NarrowReason = 'suspect' | 'slow-down' | 'circuit-half-open'

/** What the steps of a handler may ask of their endpoint. */
export interface StepEndpoint {
  readonly name: string
  readonly ordered: boolean
  /** How long a delivery may be held in its place. */
  readonly holdMs: number
  /** How far the clocks of senders may differ from ours. */
  readonly clockSkewMs: number
  /** The places of its runs: who waits long gives back his own by `rest`. */
  readonly lanes: Pick<Lanes, 'rest'>
  /** Each `begin` and `narrow` is ended once; what several ask holds while one of them does. Never a release. */
  readonly pause: {
    /** Nothing new. */
    begin(reason: StepPauseReason): void
    end(reason: StepPauseReason): void
    /** One at a time. */
    narrow(reason: NarrowReason): void
    widen(reason: NarrowReason): void
  }
  readonly waits: {
    /** `due` after `ms`, or `ended` before, by a lost lock or a stop. Never rejects. */
    wait(ms: number, lost: AbortSignal): Promise<'due' | 'ended'>
  }
}
