import type { Outgoing } from '../contract/index.js'
import { ContextState, type OutgoingWireContext } from '../context/index.js'
import { checkHeaders, checkSystem } from './checked-options.js'

const never = new AbortController().signal

/** The bytes of one message in the outgoing wire steps. */
export class OutgoingWire extends ContextState implements OutgoingWireContext {
  readonly stage = 'outgoing wire'
  readonly headers: Record<string, string>
  readonly system: Record<string, string>
  readonly signal: AbortSignal
  body: Uint8Array
  /** Every step has passed it on. */
  encoded = false
  readonly #outgoing: Outgoing

  constructor(outgoing: Outgoing, signal: AbortSignal = never) {
    super()
    const { envelope } = outgoing
    this.#outgoing = outgoing
    this.headers = Object.assign(Object.create(null) as Record<string, string>, envelope.headers)
    this.system = Object.assign(Object.create(null) as Record<string, string>, envelope.system)
    this.body = envelope.body ?? new Uint8Array()
    this.signal = signal
  }

  get id(): string {
    return this.#outgoing.envelope.id
  }
  get type(): string {
    return this.#outgoing.envelope.type
  }

  /** The message as the steps have left it. Throws `InvalidSendOptionError` for a header that no wire can carry. */
  toOutgoing(): Outgoing {
    return {
      ...this.#outgoing,
      envelope: { ...this.#outgoing.envelope, headers: checkHeaders(this.headers), system: checkSystem(this.system), body: this.body },
    }
  }
}
