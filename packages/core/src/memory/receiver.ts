import type { Disposition, Endpoint, OnDelivery, Subscription } from '../contract/index.js'
import type { Broker } from './broker.js'
import type { MemoryCapabilities } from './capabilities.js'
import type { Attachable, Connection } from './connection.js'
import { Consumer, type Receiver } from './consumer.js'
import { MemoryDelivery, type DeliveryTerms } from './delivery.js'
import { closed, unroutable } from './errors.js'
import type { Link } from './link.js'
import type { Queue } from './queue.js'
import type { Stored } from './stored.js'

const firstRepeatMs = 10
const longestRepeatMs = 1_000

/** One consumer per connection, for as long as the subscription lives. */
interface Attachment {
  readonly link: Link
  readonly queue: Queue
  readonly consumer: Consumer
  readonly terms: DeliveryTerms
}

export interface SubscriptionOptions {
  readonly endpoint: Endpoint
  readonly onDelivery: OnDelivery
  readonly prefetch: number
}

export class MemorySubscription implements Subscription, Receiver, Attachable {
  readonly address: string
  readonly #broker: Broker
  readonly #connection: Connection
  readonly #capabilities: MemoryCapabilities
  readonly #endpoint: Endpoint
  readonly #onDelivery: OnDelivery
  readonly #receiving = Promise.withResolvers<void>()
  readonly #stopped = Promise.withResolvers<void>()
  readonly #done = new AbortController()
  #prefetch: number
  #repeatMs = firstRepeatMs
  #received = false
  #stopping = false
  #attachment: Attachment | undefined

  constructor(
    broker: Broker,
    {
      connection,
      capabilities,
      options,
    }: { readonly connection: Connection; readonly capabilities: MemoryCapabilities; readonly options: SubscriptionOptions },
  ) {
    this.#broker = broker
    this.#connection = connection
    this.#capabilities = capabilities
    this.#endpoint = options.endpoint
    this.#onDelivery = options.onDelivery
    this.#prefetch = options.prefetch
    this.address = broker.entities.addressOf(options.endpoint.name)
  }

  get receiving(): Promise<void> {
    return this.#receiving.promise
  }

  attach(link: Link): void {
    const queue = this.#findQueue()
    if (queue === undefined) {
      this.#refuse()
      return
    }
    const { deliveryCount } = this.#capabilities
    const consumer = new Consumer(this, { prefetch: this.#prefetch, countsReleases: deliveryCount === 'all' })
    this.#attachment = { link, queue, consumer, terms: { counts: deliveryCount !== 'none', lost: consumer.lost.signal, bodies: link.bodies } }
    this.#broker.consume(link, { queue, consumer })
    this.#received = true
    this.#receiving.resolve()
  }

  detached(): void {
    this.#attachment = undefined
    if (this.#stopping) this.#finish()
  }

  ended(): void {
    this.#stopping = true
    this.detached()
    if (!this.#received && !this.#connection.crashed) this.#receiving.reject(closed(this.#broker.name))
  }

  limit(prefetch: number): Promise<void> {
    this.#prefetch = prefetch
    if (this.#attachment !== undefined && !this.#stopping) this.#attachment.queue.limit(this.#attachment.consumer, prefetch)
    return Promise.resolve()
  }

  stop(signal: AbortSignal): Promise<void> {
    this.#stopping = true
    this.#attachment?.queue.limit(this.#attachment.consumer, 0)
    if (signal.aborted || this.#isDrained) this.#finish()
    else signal.addEventListener('abort', () => this.#finish(), { signal: this.#done.signal })
    return this.#stopped.promise
  }

  receive(consumer: Consumer, stored: Stored): void {
    void this.#handle(consumer, stored)
  }

  async #handle(consumer: Consumer, stored: Stored): Promise<void> {
    const terms = this.#attachment?.terms
    if (terms === undefined) return
    let disposition: Disposition
    try {
      disposition = await this.#onDelivery(new MemoryDelivery(stored, terms))
    } catch (cause) {
      // Nobody may settle for core: the delivery stays held, and goes back with the connection.
      this.#connection.host.report({ kind: 'defect', cause })
      return
    }
    this.#settle(consumer, stored, disposition)
  }

  #settle(consumer: Consumer, stored: Stored, disposition: Disposition): void {
    if (this.#connection.crashed) return
    const { host } = this.#connection
    if (!consumer.held.has(stored) || this.#attachment === undefined) {
      host.report({ kind: 'late-settlement' })
    } else if (this.#broker.faults.ofSettlement(host.instanceId)) {
      this.#repeat(() => this.#settle(consumer, stored, disposition))
    } else {
      this.#repeatMs = firstRepeatMs
      this.#attachment.queue.settle(consumer, stored, disposition)
      if (this.#stopping && this.#isDrained) this.#finish()
    }
  }

  /** A settlement that did not reach the broker is tried again, slower and slower, until it does or the lock is lost. */
  #repeat(settle: () => void): void {
    this.#connection.host.clock.after(this.#repeatMs, settle)
    this.#repeatMs = Math.min(2 * this.#repeatMs, longestRepeatMs)
  }

  get #isDrained(): boolean {
    return this.#attachment === undefined || this.#attachment.consumer.held.size === 0
  }

  #findQueue(): Queue | undefined {
    const { entities, clock } = this.#broker
    const queue = entities.queues.get(this.#endpoint.name)
    // What belongs to this instance alone may have expired while it was away.
    return queue === undefined && this.#endpoint.life !== 'durable' ? entities.declareEndpoint(this.#endpoint, clock) : queue
  }

  /** The first time it is the caller's mistake; later it is an outage, which ends when the endpoint is back. */
  #refuse(): void {
    const cause = unroutable({ kind: 'endpoint', name: this.#endpoint.name, ordered: false }, { retryable: this.#received })
    if (this.#received) throw cause
    this.#connection.forget(this)
    this.#receiving.reject(cause)
  }

  #finish(): void {
    const attachment = this.#attachment
    this.#attachment = undefined
    if (attachment !== undefined) this.#broker.cancel(attachment.link, { consumer: attachment.consumer, how: 'closed' })
    this.#connection.forget(this)
    this.#done.abort()
    this.#stopped.resolve()
  }
}
