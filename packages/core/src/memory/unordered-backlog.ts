import type { Backlog } from './backlog.js'
import { LinkedList } from './linked-list.js'
import { putBack, type Stored } from './stored.js'

/** First in, first out, whoever asks. */
export class UnorderedBacklog implements Backlog {
  readonly #ready = new LinkedList<Stored>()

  get size(): number {
    return this.#ready.size
  }

  add(stored: Stored): void {
    this.#ready.append(stored)
  }

  take(): Stored | undefined {
    return this.#ready.shift()
  }

  settled(): void {
    // Nothing depends on it.
  }

  restore(stored: Stored): void {
    putBack(this.#ready, stored)
  }

  [Symbol.iterator](): Iterator<Stored> {
    return this.#ready[Symbol.iterator]()
  }
}
