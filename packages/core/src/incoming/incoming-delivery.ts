import { ContextState, type IncomingWireContext } from '../context/index.js'
import type { Delivery, Envelope } from '../contract/index.js'
import { UnmappableError, quote } from '../errors/index.js'
import type { BoundHandler, ContextSender, Received } from '../invocation/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import { deserialize } from '../serialization/index.js'
import type { EndpointSetup } from './endpoint-setup.js'
import { countOf, systemHeader, timeOf, trustedSystem } from './system-headers.js'

/** One delivery on its way through the incoming pipeline; each step fills in what it owns. */
export class IncomingDelivery extends ContextState implements IncomingWireContext, Received {
  readonly stage = 'incoming wire'
  readonly delivery: Delivery
  readonly setup: EndpointSetup
  /** What may steer the framework: empty for what came through a topic. */
  readonly system: Readonly<Record<string, string>>
  /** As wire steps leave it. */
  body: Uint8Array
  /** Set by `deserialize`. */
  handlers: readonly BoundHandler[] = []
  #contract: MessageContract | undefined
  #message: object | undefined

  constructor(delivery: Delivery, setup: EndpointSetup) {
    super()
    this.delivery = delivery
    this.setup = setup
    this.system = trustedSystem(delivery)
    this.body = delivery.envelope?.body ?? noBytes
  }

  /** Another try from the bytes: nothing of the first is left in it. */
  again(): IncomingDelivery {
    return new IncomingDelivery(this.delivery, this.setup)
  }

  /** Throws `UnmappableError` where the transport could not map the delivery. */
  get envelope(): Envelope {
    const { envelope, nativeId } = this.delivery
    if (envelope === undefined) throw new UnmappableError(`The delivery ${quote(nativeId)} at ${quote(this.setup.name)} has no readable envelope`)
    return envelope
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
  get signal(): AbortSignal {
    return this.delivery.lost
  }
  get endpoint(): string {
    return this.setup.name
  }
  get ordered(): boolean {
    return this.setup.ordered
  }
  get dueAt(): number | undefined {
    return timeOf(this.system, systemHeader.dueAt)
  }
  get isRedelivery(): boolean {
    return (this.delivery.deliveryCount ?? 1) > 1 || countOf(this.system, systemHeader.redriveCount) > 0
  }
  get instanceId(): string {
    return this.setup.instanceId
  }
  get sender(): ContextSender {
    return this.setup.sender
  }
  get contract(): MessageContract {
    if (this.#contract === undefined) throw new TypeError('deserialize has not run')
    return this.#contract
  }
  /** Reads the message, once before any handler runs. Throws a `MessageError`. */
  received(contract: MessageContract, handlers: readonly BoundHandler[]): void {
    this.#contract = contract
    this.#message = this.#read(contract)
    this.handlers = handlers
  }
  takeMessage(): object {
    const first = this.#message
    this.#message = undefined
    return first ?? this.#read(this.contract)
  }
  #read(contract: MessageContract): object {
    const { type, version, contentType, body } = this.envelope
    return deserialize(contract, { type, version, contentType, body: body === null ? null : this.body }, this.setup.maxBodyBytes)
  }

  /** What wire steps set, handlers see. */
  get state(): ContextState {
    return this
  }
}

const noBytes = new Uint8Array()
