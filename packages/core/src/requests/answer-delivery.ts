import { ContextState, type IncomingWireContext } from '../context/index.js'
import type { Delivery, Envelope } from '../contract/index.js'

/** A reply, or an event that is awaited, in the incoming wire steps. */
export class AnswerDelivery extends ContextState implements IncomingWireContext {
  readonly stage = 'incoming wire'
  readonly envelope: Envelope
  readonly signal: AbortSignal
  body: Uint8Array

  constructor(delivery: Delivery, envelope: Envelope) {
    super()
    this.envelope = envelope
    this.signal = delivery.lost
    this.body = envelope.body ?? new Uint8Array()
  }

  get id(): string {
    return this.envelope.id
  }
  get type(): string {
    return this.envelope.type
  }
  get headers(): Readonly<Record<string, string>> {
    return Object.freeze(this.envelope.headers)
  }
  get system(): Readonly<Record<string, string>> {
    return this.envelope.system
  }
}
