import type { EventOutcome, Gathered, GatherOptions, RequestEventOptions, RequestOptions } from '../context/index.js'
import { RequestStoppedError, StoppedError } from '../errors/index.js'
import type { AnyEventClass, Answerable, ReplyOf, Sendable } from '../messages/index.js'
import type { Cause, Outlet } from '../outgoing/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { AwaitedEvents } from './awaited-events.js'
import { PendingRequests } from './pending-requests.js'
import { ReplyEndpoint, type AnswerPipeline } from './reply-endpoint.js'
import { Requests } from './request.js'
import type { OpenWaits } from './wait.js'

export interface AnswersInit {
  readonly outlet: Outlet
  readonly pipeline: AnswerPipeline
  readonly maxBodyBytes: number
  /** What the bus declares to await. */
  readonly awaits: readonly AnyEventClass[]
}

/** Every call of one started bus that waits for an answer, and where the answers arrive. Once ended nobody waits, and nobody may begin to. */
export class Answers {
  readonly #bus: string
  readonly #open: OpenWaits = new Set()
  readonly #replies: ReplyEndpoint
  readonly #requests: Requests
  readonly #events: AwaitedEvents
  #isOver = false

  constructor(scope: BusScope, guard: GuardedTransport, init: AnswersInit) {
    const pending = new PendingRequests(scope, init.maxBodyBytes)
    const waiting = { ...init, open: this.#open, pending }
    this.#bus = scope.bus
    this.#replies = new ReplyEndpoint(scope, guard, waiting)
    this.#requests = new Requests(scope, guard, { ...waiting, replies: this.#replies })
    this.#events = new AwaitedEvents(scope, guard, waiting)
  }

  /** Calls that wait now. */
  get waiting(): number {
    return this.#open.size
  }

  async request<M extends Answerable>(message: M, options: RequestOptions | undefined, cause: Cause | undefined): Promise<ReplyOf<M>> {
    this.#mayBegin()
    return this.#requests.request(message, options, cause)
  }

  async gather<M extends Answerable, From extends string>(
    message: M,
    options: GatherOptions<From>,
    cause: Cause | undefined,
  ): Promise<Gathered<ReplyOf<M>, From>> {
    this.#mayBegin()
    return this.#requests.gather(message, options, cause)
  }

  async requestEvent(
    command: Sendable,
    options: RequestEventOptions<AnyEventClass, AnyEventClass>,
    cause: Cause | undefined,
  ): Promise<EventOutcome<object, object>> {
    this.#mayBegin()
    return this.#events.request(command, options, cause)
  }

  /** Nobody would end what a handler begins after the stop has given it up. */
  #mayBegin(): void {
    if (this.#isOver) throw new StoppedError(this.#bus)
  }

  /** Ends every wait. Idempotent. */
  end(): void {
    this.#isOver = true
    for (const wait of [...this.#open]) wait.reject(new RequestStoppedError(this.#bus))
  }

  /** Takes no more answers. */
  async stop(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#replies.stop(signal), this.#events.stop(signal)])
  }
}
