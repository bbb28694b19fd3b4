import { randomUUID } from 'node:crypto'
import type { Bus, Logger } from '@waybill/core'
import { systemClock } from '@waybill/core/runtime'
import { redactUrl } from '@waybill/core/wire'
import { Container } from 'inversify'
import { countDeadLetters } from './flow/dead-letters.js'
import { Journal } from './flow/journal.js'
import { Tally } from './flow/tally.js'
import { placeOrders } from './import/place-orders.js'
import type { OrdersFile } from './import/read-orders.js'
import { GetOrder, type PlaceOrder } from './orders/messages.js'
import { createOrdersBus } from './orders/orders-service.js'
import { createPaymentsBus } from './payments/payments-service.js'
import type { Result } from './result.js'
import { createShippingBus } from './shipping/shipping-service.js'
import { conversationTree } from './transcript/conversation.js'
import { percentile } from './transcript/percentile.js'
import { ProgressBar, type Screen } from './transcript/progress-bar.js'

const stallMs = 20_000

export interface OrderFlowOptions {
  readonly transport: string
  readonly seed: number
  readonly logger: Logger
}

export interface RunOptions {
  /** For people: the name of the file. */
  readonly label: string
  readonly screen: Screen
  readonly signal: AbortSignal
}

/** The three services in one process, each with its own bus; they meet at the broker alone. */
export class OrderFlow {
  readonly #transport: string
  readonly #tally: Tally
  readonly #journal: Journal
  readonly #orders: Bus
  readonly #buses: readonly Bus[]

  constructor({ transport, seed, logger }: OrderFlowOptions) {
    const shared = new Container()
    shared.bind(Tally).toSelf().inSingletonScope()
    shared.bind(Journal).toSelf().inSingletonScope()
    const options = { transport, shared, logger }
    this.#transport = transport
    this.#tally = shared.get(Tally)
    this.#journal = shared.get(Journal)
    this.#orders = createOrdersBus(options)
    this.#buses = [this.#orders, createPaymentsBus(options, seed), createShippingBus(options)]
  }

  async start(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.start()))
  }

  /** What each service needs and what the transport provides; known when they are started. */
  async reports(): Promise<readonly string[]> {
    const descriptions = await Promise.all(this.#buses.map((bus) => bus.describe()))
    return descriptions.flatMap(({ report }) => report?.text ?? [])
  }

  /** Idempotent; lets what runs come to its end. */
  async stop(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.stop()))
  }

  /** Places the orders and waits until each is shipped or dead-lettered, or until nothing happens any more. Ends with the services stopped. */
  async run({ read, orders, rejections }: OrdersFile, { label, screen, signal }: RunOptions): Promise<Result> {
    const startedAt = performance.now()
    const batch = randomUUID()
    const conversation = randomUUID()
    const followed = worthFollowing(orders)
    this.#journal.follow({ batch, conversation: followed === undefined ? undefined : conversation })
    const deadLetters = countDeadLetters(this.#tally, batch)
    try {
      const bar = new ProgressBar(screen, `reading ${label}`, read)
      bar.step(read - orders.length)
      await placeOrders(this.#orders, orders, {
        batch,
        followed,
        conversation,
        tally: this.#tally,
        signal,
        stallMs,
        clock: systemClock,
        onProgress: () => bar.step(),
      }).finally(() => bar.end())
      const order =
        followed === undefined || !this.#tally.hasShipped(followed.orderId)
          ? undefined
          : await this.#orders.request(new GetOrder({ orderId: followed.orderId }))
      const seconds = (performance.now() - startedAt) / 1000
      // Stopped before it is looked at: the last handlers have ended then.
      await this.stop()
      return {
        transport: redactUrl(this.#transport),
        read,
        accepted: this.#tally.sentCount,
        rejected: read - orders.length,
        shipped: this.#tally.shippedCount,
        deadLettered: this.#tally.deadLetteredCount,
        retried: this.#journal.retried,
        rejections,
        deadLetters: deadLetters.counts,
        latencyMs: latency(this.#tally.latenciesMs),
        seconds,
        missing: this.#tally.open,
        conversation: conversationTree(this.#journal.runs, this.#journal.causes),
        order,
      }
    } finally {
      deadLetters.stop()
    }
  }
}

/** One whose payment fails before it succeeds shows most. */
const worthFollowing = (orders: readonly PlaceOrder[]): PlaceOrder | undefined =>
  orders.find(({ payment }) => payment.timeouts === 2 && !payment.declined) ?? orders[0]

function latency(ms: readonly number[]): Result['latencyMs'] {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(ms, share))
  return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 }
}
