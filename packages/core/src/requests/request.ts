import type { Gathered, GatherOptions, RequestOptions, SendOptions } from '../context/index.js'
import { BackPressureError, NotAMessageError, RepliesUnavailableError, SendError } from '../errors/index.js'
import { contractOf, type Answerable, type MessageContract, type ReplyOf } from '../messages/index.js'
import { checkDuration, checkGatherOptions, checkRequestOptions, type Cause, type DraftInit, type Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { messageId } from '../runtime/message-id.js'
import { GatherWait, type GatherLeg } from './gather-wait.js'
import type { PendingRequests } from './pending-requests.js'
import type { ReplyEndpoint } from './reply-endpoint.js'
import { RequestWait } from './request-wait.js'
import { defaultTimeout, mustNotBeAborted, type OpenWaits, type WaitLimits } from './wait.js'

export interface RequestsInit {
  readonly outlet: Outlet
  readonly open: OpenWaits
  readonly pending: PendingRequests
  readonly replies: ReplyEndpoint
}

type Addressed = Pick<DraftInit, 'cause' | 'id' | 'destination' | 'correlationId'> & { readonly identified: (id: string) => void }

/** Sends commands and queries with a return address and waits for the replies. */
export class Requests {
  readonly #scope: BusScope
  readonly #guard: GuardedTransport
  readonly #outlet: Outlet
  readonly #open: OpenWaits
  readonly #pending: PendingRequests
  readonly #replies: ReplyEndpoint

  constructor(scope: BusScope, guard: GuardedTransport, init: RequestsInit) {
    this.#scope = scope
    this.#guard = guard
    this.#outlet = init.outlet
    this.#open = init.open
    this.#pending = init.pending
    this.#replies = init.replies
  }

  async request<M extends Answerable>(message: M, options: RequestOptions | undefined, cause: Cause | undefined): Promise<ReplyOf<M>> {
    checkRequestOptions(options)
    const limits = this.#limits(options)
    const contract = this.#answerable('request', message)
    mustNotBeAborted(options?.signal)
    const isGiven = options?.id !== undefined
    // Before there is an address: the time-out holds for all of it.
    const wait = new RequestWait(limits, this.#pending, contract)
    const id = options?.id === undefined ? this.#freshId(contract, cause) : options.id
    // The reply's failure is the answer; that of the send only makes it come sooner.
    this.#leave(message, { options, wait, init: { cause, id, identified: (sent) => wait.sent(sent, { isGiven }) } }).catch((error: unknown) => {
      wait.reject(error)
    })
    return (await wait.ended) as ReplyOf<M>
  }

  async gather<M extends Answerable, From extends string>(
    message: M,
    options: GatherOptions<From>,
    cause: Cause | undefined,
  ): Promise<Gathered<ReplyOf<M>, From>> {
    checkGatherOptions(options)
    const limits = this.#limits(options)
    const contract = this.#answerable('gather', message)
    mustNotBeAborted(options.signal)
    const { count, quorum } = options
    const from = [...options.from]
    const wait = new GatherWait(limits, { pending: this.#pending, contract, from, count, quorum })
    // Outside of a handler they open a conversation of their own: that of the first of them.
    const correlationId = messageId(this.#scope.clock.now())
    for (const [index, leg] of wait.legs.entries()) {
      const id = index === 0 && cause === undefined ? correlationId : this.#freshId(contract, cause)
      this.#leaveFor(leg, wait, { message, options, init: { cause, id, correlationId } }).catch((error: unknown) => {
        // The broker would not have it, for that endpoint: one answer. Anything else is the call's own mistake.
        if (error instanceof SendError || error instanceof BackPressureError) leg.failed(error)
        else wait.reject(error)
      })
    }
    return (await wait.ended) as Gathered<ReplyOf<M>, From>
  }

  #leaveFor(
    leg: GatherLeg,
    wait: GatherWait,
    { message, options, init }: { readonly message: Answerable; readonly options: GatherOptions; readonly init: Omit<Addressed, 'identified'> },
  ): Promise<void> {
    const destination = { kind: 'endpoint', name: leg.from, ordered: leg.contract.ordered } as const
    return this.#leave(message, { options, wait, init: { ...init, destination, identified: (id) => leg.sent(id) } })
  }

  #limits(options: RequestOptions | undefined): WaitLimits {
    const timeoutMs = checkDuration('timeout', options?.timeout ?? defaultTimeout)
    return { clock: this.#scope.clock, open: this.#open, timeoutMs, signal: options?.signal }
  }

  #answerable(verb: 'request' | 'gather', message: Answerable): MessageContract {
    const contract = contractOf(message)
    if (contract === undefined || !contract.replies)
      throw new NotAMessageError(`${verb}()`, contract === undefined ? message : `the ${contract.kind} ${contract.type}, which declares no reply`)
    if ((this.#guard.capabilities.replies ?? 'none') === 'none') throw new RepliesUnavailableError(contract.type, this.#guard.name)
    return contract
  }

  /** A query that is asked again, by a handler that runs again, wants what is true then. A command that is sent again is the same one: its id is derived, like that of all that a handler sends. */
  #freshId({ kind }: MessageContract, cause: Cause | undefined): string | undefined {
    return kind === 'query' || cause === undefined ? messageId(this.#scope.clock.now()) : undefined
  }

  async #leave(
    message: Answerable,
    { options, wait, init }: { readonly options: SendOptions | undefined; readonly wait: RequestWait | GatherWait; readonly init: Addressed },
  ): Promise<void> {
    const expiresAt = wait.endsAtMs
    const replyTo = await this.#replies.address()
    // Its caller has given up meanwhile.
    if (wait.isOver) return
    const sendOptions: SendOptions = { ...options, dispatch: 'immediately' }
    const identified = (id: string): void => {
      // Or while the steps before the identity ran.
      wait.mustBeOpen(draft.type)
      init.identified(id)
    }
    const draft = this.#outlet.draft('request', message, { ...init, options: sendOptions, replyTo, expiresAt, identified })
    await this.#outlet.request(draft)
  }
}
