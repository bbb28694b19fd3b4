import type { LaneOwner, Stored } from './stored.js'

/** What waits in a queue, and who may have the next of it. */
export interface Backlog extends Iterable<Stored> {
  readonly size: number
  add(stored: Stored): void
  /** The next for this consumer; `undefined`: nothing that it may have. */
  take(consumer: LaneOwner): Stored | undefined
  /** Accepted: it is gone. */
  settled(stored: Stored): void
  /** Back in its old place. */
  restore(stored: Stored): void
}
