import type { Delivery } from '../contract/index.js'

/** From this delivery on a message may be the one that kills the process. */
const suspectFrom = 3
/** And after so many more it is believed to be. */
const more = 3

/**
 * Finds the message that kills its process without blaming those that were only beside it. The first suspect stops the
 * intake: what runs ends, what has not started goes back, and from then on one delivery at a time runs alone, so that a
 * crash raises the count of the guilty one only. Only where releases do not raise the count.
 */
export class Suspects {
  readonly #counted: boolean
  #alone = false

  constructor(deliveryCount: 'none' | 'crashes' | 'all') {
    this.#counted = deliveryCount === 'crashes'
  }

  /** Whether deliveries run one at a time now. */
  get alone(): boolean {
    return this.#alone
  }

  /** What to do with a delivery that has arrived. */
  judge({ deliveryCount }: Delivery): 'run' | 'run-alone' | 'quarantine' {
    if (!this.#counted || deliveryCount === undefined || deliveryCount < suspectFrom) {
      this.#alone = false
      return 'run'
    }
    this.#alone = true
    return deliveryCount >= suspectFrom + more ? 'quarantine' : 'run-alone'
  }
}
