import { Fifo } from './fifo.js'
import type { PendingSend } from './pending-send.js'

/** The messages of one key that wait, in order: at most one call carries any of the key. It exists only while it has some. */
export class KeyLane {
  readonly key: string
  readonly waiting = new Fifo<PendingSend>()
  /** The number of the call that carries some of it; 0: none. */
  call = 0
  isListed = false

  constructor(key: string) {
    this.key = key
  }
}
