import type {
  Capabilities,
  Change,
  Delivery,
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
  TransportSource,
} from '@waybill/core/contract'

/** What is told of a transport by the way. */
export interface Watcher {
  connected(instance: string): void
  subscribed(instance: string, endpoint: Endpoint): void
  limited(instance: string, endpoint: string, prefetch: number): void
  /** Another delivery has come; these are without an answer, some of them perhaps lost. */
  held(instance: string, endpoint: string, open: ReadonlySet<Delivery>): void
}

/** The same transport, which says whose it is and how much it takes, and hides capabilities that a scenario wants to be missing. */
export function watched(source: TransportSource, watcher: Watcher, hidden: Partial<Capabilities> = {}): TransportSource {
  return { create: () => new WatchedTransport(source.create(), watcher, hidden) }
}

class WatchedTransport implements Transport {
  readonly #transport: Transport
  readonly #watcher: Watcher
  readonly #hidden: Partial<Capabilities>
  #instance = ''
  readonly inspect?: Inspect
  readonly sizeOf?: (message: Outgoing) => number

  constructor(transport: Transport, watcher: Watcher, hidden: Partial<Capabilities>) {
    this.#transport = transport
    this.#watcher = watcher
    this.#hidden = hidden
    if (transport.inspect !== undefined) this.inspect = transport.inspect
    if (transport.sizeOf !== undefined) this.sizeOf = (message) => transport.sizeOf?.(message) ?? 0
  }

  get name(): string {
    return this.#transport.name
  }
  get capabilities(): Capabilities {
    return { ...this.#transport.capabilities, ...this.#hidden }
  }
  connect(host: TransportHost): Promise<void> {
    this.#instance = host.instanceId
    this.#watcher.connected(host.instanceId)
    return this.#transport.connect(host)
  }
  provision(topology: Topology, mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]> {
    return this.#transport.provision(topology, mode)
  }
  send(messages: readonly Outgoing[], signal: AbortSignal): Promise<readonly SendFailure[]> {
    return this.#transport.send(messages, signal)
  }
  async subscribe(endpoint: Endpoint, onDelivery: OnDelivery, options: SubscribeOptions): Promise<Subscription> {
    const { name } = endpoint
    this.#watcher.subscribed(this.#instance, endpoint)
    this.#watcher.limited(this.#instance, name, options.prefetch)
    let asked = options.prefetch
    const open = new Set<Delivery>()
    const counted: OnDelivery = async (delivery) => {
      open.add(delivery)
      this.#watcher.held(this.#instance, name, open)
      try {
        return await onDelivery(delivery)
      } finally {
        open.delete(delivery)
      }
    }
    const subscription = await this.#transport.subscribe(endpoint, counted, options)
    return {
      address: subscription.address,
      limit: async (prefetch) => {
        // More may come at once; that less comes is promised when the call has resolved.
        this.#watcher.limited(this.#instance, name, Math.max(asked, prefetch))
        asked = prefetch
        await subscription.limit(prefetch)
        this.#watcher.limited(this.#instance, name, asked)
      },
      stop: (signal) => subscription.stop(signal),
    }
  }
  close(): Promise<void> {
    return this.#transport.close()
  }
}
