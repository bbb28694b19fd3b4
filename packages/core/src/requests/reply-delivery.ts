import { ContextState, type ContextKey, type IncomingWireContext } from '../context/index.js'
import type { Delivery, Envelope } from '../contract/index.js'

/** A reply in the incoming wire steps. */
export class ReplyDelivery implements IncomingWireContext {
  readonly stage = 'incoming wire'
  readonly envelope: Envelope
  readonly signal: AbortSignal
  body: Uint8Array
  readonly #state = new ContextState()

  constructor(delivery: Delivery, envelope: Envelope) {
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
    return this.envelope.headers
  }
  get system(): Readonly<Record<string, string>> {
    return this.envelope.system
  }
  get<T>(key: ContextKey<T>): T {
    return this.#state.get(key)
  }
  find<T>(key: ContextKey<T>): T | undefined {
    return this.#state.find(key)
  }
  set<T>(key: ContextKey<T>, value: T): void {
    this.#state.set(key, value)
  }
}
