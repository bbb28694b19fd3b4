import { LinkedList } from './linked-list.js'
import type { Lane, LaneOwner, Stored } from './stored.js'

/** Takes what a queue hands out. Never throws, never settles before it returns. */
export interface Receiver {
  receive(consumer: Consumer, stored: Stored): void
}

/** One subscription on one connection, as the broker sees it. */
export class Consumer implements LaneOwner {
  readonly receiver: Receiver
  /** Whether a release raises the delivery count too. */
  readonly countsReleases: boolean
  prefetch: number
  /** Handed out and not settled, in the order of delivery. */
  readonly held = new Set<Stored>()
  /** Aborts when what is held goes back while its handlers may still run. */
  readonly lost = new AbortController()
  readonly lanes = new LinkedList<Lane>()

  constructor(receiver: Receiver, { prefetch, countsReleases }: { readonly prefetch: number; readonly countsReleases: boolean }) {
    this.receiver = receiver
    this.prefetch = prefetch
    this.countsReleases = countsReleases
  }

  get hasRoom(): boolean {
    return this.held.size < this.prefetch
  }
}
