import type { Lanes } from '../runtime/lanes.js'

/** Why a step lets an endpoint take nothing new, or less. */
export type StepPauseReason = 'circuit-open' | 'slow-down' | 'inbox-down'

/** How much a step lets its endpoint take, for as long as it has a reason. */
export interface IntakeLimit {
  /** At most so many deliveries that are not settled; 0: nothing new. */
  set(most: number): void
  end(): void
}

/** What the steps of a handler may ask of their endpoint. */
export interface StepEndpoint {
  readonly name: string
  readonly ordered: boolean
  /** No copy can be made, for order or because the broker cannot delay: what is deferred runs again in its place. */
  readonly runsInPlace: boolean
  /** How long a delivery may be held in its place. */
  readonly holdMs: number
  /** How far the clocks of senders may differ from ours. */
  readonly clockSkewMs: number
  /** The places of its runs: who waits long gives back his own by `rest`. */
  readonly lanes: Pick<Lanes, 'rest'>
  /** What several ask holds while one of them does, the least of it. Never a release. */
  readonly pause: {
    /** Nothing new. Each `begin` is ended once. */
    begin(reason: StepPauseReason): void
    end(reason: StepPauseReason): void
    /** Less: as much as it says, until it ends. */
    limit(reason: StepPauseReason, most: number): IntakeLimit
  }
  readonly waits: {
    /** `due` after `ms`, or `ended` before, by a lost lock or a stop. Never rejects. */
    wait(ms: number, lost: AbortSignal): Promise<'due' | 'ended'>
    /** Aborts when the lock is lost or a stop begins. */
    until(lost: AbortSignal): AbortSignal
  }
}
