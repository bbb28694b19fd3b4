import type { RequestOptions, SendOptions } from '../context/index.js'
import { NotAMessageError, RepliesUnavailableError } from '../errors/index.js'
import { contractOf, type Answerable, type ReplyOf } from '../messages/index.js'
import { checkDuration, checkRequestOptions, type Cause, type Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { messageId } from '../runtime/message-id.js'
import type { PendingRequests } from './pending-requests.js'
import type { ReplyEndpoint } from './reply-endpoint.js'

const defaultTimeout = '30s'

/** Sends a command or query with a return address and waits for the reply. */
export class Requests {
  readonly #scope: BusScope
  readonly #guard: GuardedTransport
  readonly #outlet: Outlet
  readonly #pending: PendingRequests
  readonly #replies: ReplyEndpoint

  constructor(scope: BusScope, guard: GuardedTransport, init: { readonly outlet: Outlet; readonly pending: PendingRequests; readonly replies: ReplyEndpoint }) {
    this.#scope = scope
    this.#guard = guard
    this.#outlet = init.outlet
    this.#pending = init.pending
    this.#replies = init.replies
  }

  async request<M extends Answerable>(message: M, options: RequestOptions | undefined, cause: Cause | undefined): Promise<ReplyOf<M>> {
    checkRequestOptions(options)
    const timeoutMs = checkDuration('timeout', options?.timeout ?? defaultTimeout)
    const contract = contractOf(message)
    if (contract === undefined || !contract.replies) throw new NotAMessageError('request()', contract === undefined ? message : `the ${contract.kind} ${contract.type}, which declares no reply`)
    if ((this.#guard.capabilities.replies ?? 'none') === 'none') throw new RepliesUnavailableError(contract.type, this.#guard.name)
    options?.signal?.throwIfAborted()
    const replyTo = await this.#replies.address()
    const sendOptions: SendOptions = { ...options, dispatch: 'immediately' }
    const now = this.#scope.clock.now()
    const id = options?.id ?? messageId(now)
    const draft = this.#outlet.draft('request', message, { options: sendOptions, cause, id, replyTo, expiresAt: now + timeoutMs })
    const reply = this.#pending.expect({ id, contract: draft.contract, timeoutMs, signal: options?.signal })
    // The reply's failure is the answer; that of the send only makes it come sooner.
    this.#outlet.request(draft).catch((error: unknown) => this.#pending.fail(id, error instanceof Error ? error : new Error(String(error))))
    return (await reply) as ReplyOf<M>
  }
}
