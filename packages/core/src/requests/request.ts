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
    if (contract === undefined || !contract.replies)
      throw new NotAMessageError('request()', contract === undefined ? message : `the ${contract.kind} ${contract.type}, which declares no reply`)
    if ((this.#guard.capabilities.replies ?? 'none') === 'none') throw new RepliesUnavailableError(contract.type, this.#guard.name)
    options?.signal?.throwIfAborted()
    const now = this.#scope.clock.now()
    const id = options?.id ?? messageId(now)
    // Before there is an address: the time-out holds for all of it.
    const reply = this.#pending.expect({ id, contract, timeoutMs, signal: options?.signal })
    // The reply's failure is the answer; that of the send only makes it come sooner.
    this.#leave(message, options, { cause, id, expiresAt: now + timeoutMs }).catch((error: unknown) => {
      this.#pending.fail(id, error instanceof Error ? error : new Error(String(error)))
    })
    return (await reply) as ReplyOf<M>
  }

  async #leave(
    message: Answerable,
    options: RequestOptions | undefined,
    init: { readonly cause: Cause | undefined; readonly id: string; readonly expiresAt: number },
  ): Promise<void> {
    const replyTo = await this.#replies.address()
    // Its caller has given up meanwhile.
    if (!this.#pending.has(init.id)) return
    const sendOptions: SendOptions = { ...options, dispatch: 'immediately' }
    await this.#outlet.request(this.#outlet.draft('request', message, { ...init, options: sendOptions, replyTo }))
  }
}
