import type { IncomingWireContext, Passed } from '../context/index.js'
import type { Delivery, Disposition } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { AnswerDelivery } from './answer-delivery.js'
import { InstanceEndpoint } from './instance-endpoint.js'
import type { PendingRequests } from './pending-requests.js'

/** Answers pass the wire steps only; `undefined` where there are none. */
export type AnswerPipeline = ((context: IncomingWireContext) => Promise<Passed>) | undefined

/** Where the replies to this instance arrive; a request leaves only when it receives. */
export class ReplyEndpoint {
  readonly #scope: BusScope
  readonly #pending: PendingRequests
  readonly #pipeline: AnswerPipeline
  readonly #endpoint: InstanceEndpoint

  constructor(scope: BusScope, guard: GuardedTransport, init: { readonly pending: PendingRequests; readonly pipeline: AnswerPipeline }) {
    this.#scope = scope
    this.#pending = init.pending
    this.#pipeline = init.pipeline
    this.#endpoint = new InstanceEndpoint(scope, guard, { name: 'replies', topics: [], onDelivery: this.onDelivery })
  }

  /** The address for `replyTo`. */
  async address(): Promise<string> {
    return (await this.#endpoint.receiving()).address
  }

  /** Always accepted: a reply that cannot be used is its requester's affair, and it will time out. */
  readonly onDelivery = async (delivery: Delivery): Promise<Disposition> => {
    const { envelope } = delivery
    if (envelope === undefined) this.#scope.count('late-reply', 'an unreadable one')
    else if (this.#pending.expects(envelope)) await this.#settle(new AnswerDelivery(delivery, envelope))
    return 'accepted'
  }

  async #settle(reply: AnswerDelivery): Promise<void> {
    try {
      if (this.#pipeline !== undefined) await this.#pipeline(reply)
      this.#pending.settle(reply.envelope, reply.body)
    } catch (error) {
      this.#pending.fail(reply.envelope, error instanceof Error ? error : new Error(String(error)))
    }
  }

  stop(signal: AbortSignal): Promise<void> {
    return this.#endpoint.stop(signal)
  }
}
