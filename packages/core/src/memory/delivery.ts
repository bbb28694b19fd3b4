import type { Delivery, Envelope, Original } from '../contract/index.js'
import type { ByteSlab } from './byte-slab.js'
import { toEnvelope, toOriginal } from './envelope-mapping.js'
import type { NativeMessage, Stored } from './stored.js'

/** What all deliveries of one consumer share. */
export interface DeliveryTerms {
  readonly counts: boolean
  readonly lost: AbortSignal
  readonly bodies: ByteSlab
}

/** One message on its way to a handler: its own copy of everything. */
export class MemoryDelivery implements Delivery {
  readonly envelope: Envelope | undefined
  readonly nativeId: string
  readonly via: 'address' | 'topic'
  readonly deliveryCount: number | undefined
  readonly lost: AbortSignal
  readonly #message: NativeMessage

  constructor({ message, via, returns }: Stored, { counts, lost, bodies }: DeliveryTerms) {
    this.envelope = toEnvelope(message.headers, message.body === null ? null : bodies.copy(message.body))
    this.nativeId = message.nativeId
    this.via = via
    this.deliveryCount = counts ? returns + 1 : undefined
    this.lost = lost
    this.#message = message
  }

  get original(): Original {
    const { body } = this.#message
    return toOriginal(this.#message, body === null ? null : new Uint8Array(body))
  }
}
