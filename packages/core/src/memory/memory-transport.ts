import type {
  Change,
  Endpoint,
  Inspect,
  OnDelivery,
  Outgoing,
  SendFailure,
  SubscribeOptions,
  Subscription,
  Topology,
  Transport,
  TransportHost,
} from '../contract/index.js'
import type { Broker } from './broker.js'
import type { MemoryCapabilities } from './capabilities.js'
import { Connection, never } from './connection.js'
import { noOrdering, notSupported } from './errors.js'
import { inspect } from './inspect.js'
import { MemorySubscription } from './receiver.js'
import { Sender } from './sender.js'
import { sizeOf } from './size-of.js'
import { provision } from './topology.js'

export class MemoryTransport implements Transport {
  readonly name = 'memory'
  readonly capabilities: MemoryCapabilities
  readonly inspect: Inspect
  readonly #broker: Broker
  readonly #connection: Connection
  readonly #sender: Sender

  constructor(broker: Broker, capabilities: MemoryCapabilities) {
    this.capabilities = capabilities
    this.inspect = inspect(broker)
    this.#broker = broker
    this.#connection = new Connection(broker)
    this.#sender = new Sender(broker, this.#connection, capabilities)
  }

  connect(host: TransportHost): Promise<void> {
    return this.#connection.open(host)
  }

  async provision(topology: Topology, mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]> {
    if (this.#connection.crashed) return never()
    if (this.#connection.link === undefined) throw this.#connection.whyDown
    const ordered = topology.endpoints.some((endpoint) => endpoint.ordered !== false) || topology.topics.some((topic) => topic.ordered)
    if (ordered) this.#requireOrdering()
    return provision(this.#broker, { topology, mode })
  }

  sizeOf(message: Outgoing): number {
    return sizeOf(message)
  }

  send(messages: readonly Outgoing[], signal: AbortSignal): Promise<readonly SendFailure[]> {
    return this.#sender.send(messages, signal)
  }

  async subscribe(endpoint: Endpoint, onDelivery: OnDelivery, { prefetch, replay }: SubscribeOptions): Promise<Subscription> {
    if (this.#connection.crashed) return never()
    if (replay !== undefined) throw notSupported('replay', 'choose a transport that keeps a log')
    if (endpoint.ordered !== false) this.#requireOrdering()
    const { capabilities } = this
    const subscription = new MemorySubscription(this.#broker, { connection: this.#connection, capabilities, options: { endpoint, onDelivery, prefetch } })
    this.#connection.attach(subscription)
    await subscription.receiving
    return subscription
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #requireOrdering(): void {
    if (this.capabilities.ordering.unit === 'none') throw noOrdering()
  }
}
