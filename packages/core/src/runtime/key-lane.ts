import type { Fifo } from './fifo.js'
import type { PendingSend } from './pending-send.js'

/** The messages of one key that wait, in order: at most one call carries any of the key. It exists only while it has some. */
export interface KeyLane {
  readonly key: string
  readonly waiting: Fifo<PendingSend>
}
