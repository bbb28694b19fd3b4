import type {
  Capabilities,
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
  TransportSource,
} from '@waybill/core/contract'
import { crashes, type CrashEvent } from '@waybill/core/runtime'

/** The same transport, which dies with its bus: then its connections end, and it neither sends nor settles nor answers. So a crash needs nothing of the transport that is proved. */
export function mortal(source: TransportSource): TransportSource {
  return { create: () => new MortalTransport(source.create()) }
}

class MortalTransport implements Transport {
  readonly #transport: Transport
  #instance = ''
  #isDead = false
  readonly inspect?: Inspect
  readonly sizeOf?: (message: Outgoing) => number

  constructor(transport: Transport) {
    this.#transport = transport
    if (transport.inspect !== undefined) this.inspect = transport.inspect
    if (transport.sizeOf !== undefined) this.sizeOf = (message) => transport.sizeOf?.(message) ?? 0
  }

  get name(): string {
    return this.#transport.name
  }
  get capabilities(): Capabilities {
    return this.#transport.capabilities
  }
  connect(host: TransportHost): Promise<void> {
    this.#instance = host.instanceId
    crashes.subscribe(this.#onCrash)
    return this.#unlessDead(this.#transport.connect(host))
  }
  provision(topology: Topology, mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]> {
    return this.#unlessDead(this.#transport.provision(topology, mode))
  }
  send(messages: readonly Outgoing[], signal: AbortSignal): Promise<readonly SendFailure[]> {
    return this.#isDead ? never() : this.#unlessDead(this.#transport.send(messages, signal))
  }
  subscribe(endpoint: Endpoint, onDelivery: OnDelivery, options: SubscribeOptions): Promise<Subscription> {
    return this.#unlessDead(this.#transport.subscribe(endpoint, (delivery) => this.#unlessDead(onDelivery(delivery)), options))
  }
  close(): Promise<void> {
    crashes.unsubscribe(this.#onCrash)
    return this.#transport.close()
  }

  readonly #onCrash = (event: unknown): void => {
    if ((event as CrashEvent).instanceId !== this.#instance) return
    this.#isDead = true
    void this.close()
  }

  async #unlessDead<T>(work: Promise<T>): Promise<T> {
    const result = await work
    return this.#isDead ? never() : result
  }
}

const never = (): Promise<never> => new Promise(() => undefined)
