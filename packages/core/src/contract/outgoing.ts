import type { Envelope, Original } from './envelope.js'
import type { Destination } from './topology.js'

/** One message on its way to the broker. */
export interface Outgoing {
  readonly destination: Destination
  readonly envelope: Envelope
  /** Unique per intended copy, equal when that copy is sent again. The only value for native deduplication: with `envelope.id` a broker would swallow retry copies and dead letters. */
  readonly copyId: string
  /** Epoch milliseconds. Never delivered earlier. */
  readonly notBefore?: number
  /** Forward these native bytes and headers untouched, and add `envelope.system`. */
  readonly original?: Original
}
