// #region transport
import type {
  Change,
  Delivery,
  Endpoint,
  Envelope,
  OnDelivery,
  Outgoing,
  SendFailure,
  SubscribeOptions,
  Subscription,
  Topology,
  Transport,
  TransportSource,
} from '@waybill/core/contract'

/** One message in a queue. */
interface Waiting {
  readonly envelope: Envelope
  readonly via: 'address' | 'topic'
}

/** The broker: a queue of this process, and who reads it. */
class Queue {
  readonly waiting: Waiting[] = []
  readonly consumers = new Set<LineSubscription>()

  put(message: Waiting): void {
    this.waiting.push(message)
    this.push()
  }

  push(): void {
    for (const consumer of this.consumers) {
      while (consumer.hasRoom) {
        const message = this.waiting.shift()
        if (message === undefined) return
        void consumer.deliver(message)
      }
    }
  }
}

class LineSubscription implements Subscription {
  readonly #queue: Queue
  readonly #onDelivery: OnDelivery
  readonly #unsettled = new Set<Waiting>()
  readonly #lost = new AbortController()
  readonly #stopped = Promise.withResolvers<void>()
  #prefetch: number
  #stopping = false

  constructor(
    readonly address: string,
    queue: Queue,
    init: { readonly onDelivery: OnDelivery; readonly prefetch: number },
  ) {
    this.#queue = queue
    this.#onDelivery = init.onDelivery
    this.#prefetch = init.prefetch
    queue.consumers.add(this)
  }

  get hasRoom(): boolean {
    return this.#unsettled.size < this.#prefetch
  }

  async deliver(message: Waiting): Promise<void> {
    this.#unsettled.add(message)
    const disposition = await this.#onDelivery(deliveryOf(message, this.#lost.signal))
    // Given back by stop(): somebody else may have it, and this answer comes too late.
    if (!this.#unsettled.delete(message)) return
    if (disposition === 'released') this.#queue.waiting.unshift(message)
    if (this.#stopping && this.#unsettled.size === 0) this.#stopped.resolve()
    this.#queue.push()
  }

  limit(prefetch: number): Promise<void> {
    this.#prefetch = prefetch
    this.#queue.push()
    return Promise.resolve()
  }

  stop(signal: AbortSignal): Promise<void> {
    this.#stopping = true
    this.#prefetch = 0
    this.#queue.consumers.delete(this)
    if (signal.aborted || this.#unsettled.size === 0) this.#giveBack()
    else signal.addEventListener('abort', () => this.#giveBack(), { once: true })
    return this.#stopped.promise
  }

  #giveBack(): void {
    this.#lost.abort()
    this.#queue.waiting.unshift(...this.#unsettled)
    this.#unsettled.clear()
    this.#stopped.resolve()
    this.#queue.push()
  }
}

class LineTransport implements Transport {
  readonly name = 'line'
  readonly capabilities = { privateAddress: true, replies: 'temporary', lockMs: Infinity, unroutable: 'detected' } as const
  readonly #subscriptions: Subscription[] = []

  connect(): Promise<void> {
    return Promise.resolve()
  }

  provision({ endpoints, topics }: Topology, mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]> {
    const missing = endpoints.flatMap(({ name }) => [name, `${name}.dead-letter`]).filter((name) => !queues.has(name))
    if (mode === 'check')
      return Promise.resolve(missing.map((name) => ({ entity: `endpoint ${name}`, kind: 'missing', detail: 'the broker does not have it' })))
    for (const name of missing) queues.set(name, new Queue())
    for (const { name } of topics) subscribersOf(name)
    for (const endpoint of endpoints) for (const topic of endpoint.topics) subscribersOf(topic.name).add(endpoint.name)
    return Promise.resolve([])
  }

  send(messages: readonly Outgoing[]): Promise<readonly SendFailure[]> {
    return Promise.resolve(
      messages.flatMap(({ destination: to, envelope }, index): SendFailure[] => {
        const names = to.kind === 'topic' ? [...subscribersOf(to.name)] : [to.kind === 'endpoint' ? to.name : to.address]
        const reached = names.flatMap((name) => queues.get(name) ?? [])
        for (const queue of reached) queue.put({ envelope, via: to.kind === 'topic' ? 'topic' : 'address' })
        return reached.length === names.length ? [] : [{ index, outcome: 'refused', retryable: false, cause: new Error(`there is no queue ${names.join()}`) }]
      }),
    )
  }

  subscribe({ name }: Endpoint, onDelivery: OnDelivery, { prefetch }: SubscribeOptions): Promise<Subscription> {
    const queue = queues.get(name)
    if (queue === undefined) return Promise.reject(new Error(`there is no queue ${name}`))
    const subscription = new LineSubscription(name, queue, { onDelivery, prefetch })
    this.#subscriptions.push(subscription)
    queue.push()
    return Promise.resolve(subscription)
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop(AbortSignal.abort())))
  }
}

function deliveryOf({ envelope, via }: Waiting, lost: AbortSignal): Delivery {
  const body = envelope.body === null ? null : new Uint8Array(envelope.body)
  const native = JSON.stringify({ ...envelope, body: undefined })
  return { envelope: { ...envelope, body }, original: { body, native }, nativeId: envelope.id, via, deliveryCount: undefined, lost }
}

const queues = new Map<string, Queue>()
const topics = new Map<string, Set<string>>()

function subscribersOf(topic: string): Set<string> {
  const found = topics.get(topic) ?? new Set()
  topics.set(topic, found)
  return found
}

/** What `transport: 'line:'` and `transport: { kind: 'line' }` look for in the package waybill-line. */
export const fromConfig = (_config: URL | object): TransportSource => ({ create: () => new LineTransport() })
// #endregion
