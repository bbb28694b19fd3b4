import type { Delivery, Disposition, Endpoint, Subscription } from '../contract/index.js'
import type { IncomingWireContext, Passed } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import type { PendingRequests } from './pending-requests.js'
import { ReplyDelivery } from './reply-delivery.js'

/** Replies pass the wire steps only; `undefined` where there are none. */
export type ReplyPipeline = ((context: IncomingWireContext) => Promise<Passed>) | undefined

const prefetch = 1_000
const idleMs = 10 * 60_000

/** Where the replies to this instance arrive. Subscribed at the first request; a request leaves only when it receives. Replies pass no lane. */
export class ReplyEndpoint {
  readonly #scope: BusScope
  readonly #guard: GuardedTransport
  readonly #pending: PendingRequests
  readonly #pipeline: ReplyPipeline
  #opening: Promise<Subscription> | undefined

  constructor(scope: BusScope, guard: GuardedTransport, init: { readonly pending: PendingRequests; readonly pipeline: ReplyPipeline }) {
    this.#scope = scope
    this.#guard = guard
    this.#pending = init.pending
    this.#pipeline = init.pipeline
  }

  get endpoint(): Endpoint {
    return { name: `${this.#scope.bus}.replies.${this.#scope.instanceId}`, topics: [], life: { idleMs }, ordered: false }
  }

  /** The address for `replyTo`. A failed attempt is tried again at the next request. */
  async address(): Promise<string> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return (await this.#opening).address
  }

  async #open(): Promise<Subscription> {
    await this.#guard.provision({ endpoints: [this.endpoint], topics: [] }, 'create')
    return this.#guard.subscribe(this.endpoint, this.onDelivery, { prefetch })
  }

  /** Always accepted: a reply that cannot be used is its requester's affair, and it will time out. */
  readonly onDelivery = async (delivery: Delivery): Promise<Disposition> => {
    try {
      if (delivery.envelope === undefined) this.#scope.count('late-reply', 'an unreadable one')
      else await this.#settle(new ReplyDelivery(delivery, delivery.envelope))
    } catch (error) {
      const id = delivery.envelope?.causationId
      if (id !== undefined) this.#pending.fail(id, error instanceof Error ? error : new Error(String(error)))
    }
    return 'accepted'
  }

  async #settle(reply: ReplyDelivery): Promise<void> {
    if (this.#pipeline !== undefined) await this.#pipeline(reply)
    this.#pending.settle(reply.envelope, reply.body)
  }

  async stop(signal: AbortSignal): Promise<void> {
    this.#pending.failAll()
    if (this.#opening === undefined) return
    const subscription = await Promise.race([this.#opening.catch(() => undefined), aborted(signal)])
    await subscription?.stop(signal)
  }
}

/** It may never open: the broker may be away. */
const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
