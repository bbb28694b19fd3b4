import type { Destination, Outgoing } from '../contract/index.js'
import type { AnyMessage } from '../messages/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import { ContextState, type OutgoingMessageContext, type SendOptions } from '../context/index.js'
import type { Scheduled } from '../schedule/index.js'
import type { Cause } from './cause.js'

export interface DraftInit {
  readonly message: AnyMessage
  readonly contract: MessageContract
  readonly headers: Readonly<Record<string, string>>
  readonly options: SendOptions
  readonly cause: Cause | undefined
  /** Of a request. */
  readonly id?: string | undefined
  readonly replyTo?: string
  readonly expiresAt?: number
  /** Where it goes, instead of its route. */
  readonly destination?: Destination
  /** The conversation that it opens with others. @default its own id */
  readonly correlationId?: string
  /** Somebody waits for an event that it causes. */
  readonly isAwaited?: boolean
  /** Hears of the id, before the message leaves. */
  readonly identified?: (id: string) => void
}

const never = new AbortController().signal

/** One message on its way through the outgoing pipeline; each step fills in what it owns. */
export class OutgoingDraft extends ContextState implements OutgoingMessageContext {
  readonly stage = 'outgoing message'
  readonly message: AnyMessage
  readonly contract: MessageContract
  readonly options: SendOptions
  readonly cause: Cause | undefined
  readonly replyTo: string | undefined
  readonly expiresAt: number | undefined
  readonly correlationId: string | undefined
  readonly isAwaited: boolean
  readonly identified: ((id: string) => void) | undefined
  readonly #givenHeaders: Readonly<Record<string, string>>
  #headers: Record<string, string> | undefined
  #id: string | undefined
  destination: Destination | undefined
  body: Uint8Array | undefined
  /** Set by the last step of the message stage. */
  outgoing: Outgoing | undefined
  /** Set with it, where the schedule store is to keep the message. */
  scheduled: Scheduled | undefined

  constructor(init: DraftInit) {
    super()
    this.message = init.message
    this.contract = init.contract
    this.options = init.options
    this.cause = init.cause
    this.replyTo = init.replyTo
    this.expiresAt = init.expiresAt
    this.destination = init.destination
    this.correlationId = init.correlationId
    this.isAwaited = init.isAwaited === true
    this.identified = init.identified
    this.#givenHeaders = init.headers
    this.#id = init.id ?? init.options.id
  }

  /** The id, where it is known before the identity step; afterwards always. Empty before: a derived id is made of the serialized body. */
  get id(): string {
    return this.outgoing?.envelope.id ?? this.#id ?? ''
  }
  get givenId(): string | undefined {
    return this.#id
  }
  get type(): string {
    return this.contract.type
  }
  get signal(): AbortSignal {
    return this.options.signal ?? never
  }

  /** Copied when a middleware asks for them. */
  get headers(): Record<string, string> {
    this.#headers ??= Object.assign(Object.create(null) as Record<string, string>, this.#givenHeaders)
    return this.#headers
  }
  /** What a middleware may have changed, or `undefined` when none asked. */
  get changedHeaders(): Record<string, string> | undefined {
    return this.#headers
  }
  get givenHeaders(): Readonly<Record<string, string>> {
    return this.#givenHeaders
  }
}
