import {
  currentContext,
  type EventOutcome,
  type Gathered,
  type GatherOptions,
  type RequestEventOptions,
  type RequestOptions,
  type SendOptions,
} from '../context/index.js'
import { NotCancelableError, StoppedError } from '../errors/index.js'
import { HandlerContext, type ContextSender } from '../invocation/index.js'
import type { AnyEventClass, AnyMessage, Answerable, MessageOf, ReplyOf, Sendable } from '../messages/index.js'
import type { Cause, Outlet } from '../outgoing/index.js'
import type { Answers } from '../requests/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Schedule } from '../schedule/index.js'

export interface BusSenderInit {
  readonly scope: BusScope
  readonly outlet: Outlet
  readonly answers: Answers
  readonly schedule: Schedule | undefined
}

/** What users and handlers call on a started bus: finds the handler that calls, and once stopping lets only those go on. */
export class BusSender implements ContextSender {
  readonly #init: BusSenderInit

  constructor(init: BusSenderInit) {
    this.#init = init
  }

  async send(verb: 'send' | 'publish', message: AnyMessage, options: SendOptions | undefined, cause: Cause | undefined = runningHandler()): Promise<void> {
    this.#mayLeave(cause)
    return this.#init.outlet.send(verb, message, options, cause)
  }

  async request<M extends Answerable>(message: M, options: RequestOptions | undefined, cause: Cause | undefined = runningHandler()): Promise<ReplyOf<M>> {
    this.#mayLeave(cause)
    return this.#init.answers.request(message, options, cause)
  }

  async gather<M extends Answerable, From extends string>(
    message: M,
    options: GatherOptions<From>,
    cause: Cause | undefined = runningHandler(),
  ): Promise<Gathered<ReplyOf<M>, From>> {
    this.#mayLeave(cause)
    return this.#init.answers.gather(message, options, cause)
  }

  async requestEvent<S extends AnyEventClass, F extends AnyEventClass>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
    cause: Cause | undefined = runningHandler(),
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>> {
    this.#mayLeave(cause)
    return (await this.#init.answers.requestEvent(command, options, cause)) as EventOutcome<MessageOf<S>, MessageOf<F>>
  }

  async cancel(id: string): Promise<'cancelled' | 'too-late'> {
    this.#mayLeave(runningHandler())
    if (this.#init.schedule === undefined) throw new NotCancelableError(id, 'no-store')
    return this.#init.schedule.cancel(id)
  }

  #mayLeave(cause: Cause | undefined): void {
    const { scope } = this.#init
    if (scope.stopping && cause?.instanceId !== scope.instanceId) throw new StoppedError(scope.bus)
  }
}

/** The handler that runs here, if it is one of any bus of this process. */
function runningHandler(): Cause | undefined {
  const context = currentContext()
  return context instanceof HandlerContext ? context : undefined
}
