import type { Delivery } from '../contract/index.js'

/** From this delivery on a message may be the one that kills the process. */
const suspectFrom = 3
/** And after so many more it is believed to be. */
const more = 3

/** What becomes of a delivery that has arrived. */
export type Verdict = 'run' | 'run-alone' | 'quarantine' | 'release'

/**
 * Finds the message that kills its process without blaming those that were only beside it. The first suspect stops the
 * intake: what runs ends, everything else goes back, and it runs alone; so a crash raises the count of the guilty one
 * only. One at a time until a delivery comes that is no suspect. Only where releases do not raise the count.
 */
export class Suspects {
  readonly #counted: boolean
  #oneByOne = false
  #active = false

  constructor(deliveryCount: 'none' | 'crashes' | 'all') {
    this.#counted = deliveryCount === 'crashes'
  }

  /** The intake is narrowed to one delivery at a time. */
  get oneByOne(): boolean {
    return this.#oneByOne
  }

  /** A suspect is here: nothing else may start. */
  get active(): boolean {
    return this.#active
  }

  judge({ deliveryCount }: Delivery): Verdict {
    if (this.#active) return 'release'
    if (!this.#counted || deliveryCount === undefined || deliveryCount < suspectFrom) {
      this.#oneByOne = false
      return 'run'
    }
    this.#oneByOne = true
    this.#active = true
    return deliveryCount >= suspectFrom + more ? 'quarantine' : 'run-alone'
  }

  /** The suspect has been settled: this process has survived it, or it is kept away. */
  cleared(): void {
    this.#active = false
  }
}
