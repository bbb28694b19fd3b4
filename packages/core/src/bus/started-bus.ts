import { randomUUID } from 'node:crypto'
import {
  currentContext,
  type EventOutcome,
  type Gathered,
  type GatherOptions,
  type RequestEventOptions,
  type RequestOptions,
  type SendOptions,
} from '../context/index.js'
import type { Clock, TransportEvent, TransportHost, TransportSource } from '../contract/index.js'
import { ConfigurationError, NotCancelableError, RequestStoppedError, StoppedError } from '../errors/index.js'
import type { EndpointWorker, Unfinished } from '../incoming/index.js'
import { HandlerContext, type ContextSender } from '../invocation/index.js'
import type { Logger } from '../logging/logger.js'
import type { AnyEventClass, AnyMessage, Answerable, MessageOf, ReplyOf, Sendable } from '../messages/index.js'
import { Outlet, type Cause } from '../outgoing/index.js'
import { outgoingPipelines, replyPipeline } from '../pipeline/index.js'
import { AwaitedEvents, PendingRequests, ReplyEndpoint, Requests, type OpenWaits } from '../requests/index.js'
import { impossible, startReport, type StartReport } from '../requirements/index.js'
import type { Schedule } from '../schedule/index.js'
import { BusScope } from '../runtime/bus-scope.js'
import { GuardedTransport } from '../runtime/guarded-transport.js'
import { createSupervisors, type Supervisors } from '../runtime/supervisor.js'
import { milliseconds } from '../wire/index.js'
import { buildEndpoint } from './build-endpoint.js'
import { buildSchedule } from './build-schedule.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan } from './bus-plan.js'
import { defaults } from './endpoint-defaults.js'
import type { BusHealth } from './health.js'
import { middlewareOfBus } from './pipelines.js'
import { inboxesOf } from './inboxes.js'
import { provisionTopology } from './provision.js'
import { requirementsOf } from './requirements-of.js'

export interface StartInit {
  readonly source: TransportSource
  readonly plan: BusPlan
  readonly options: AnyBusOptions
  readonly clock: Clock
  readonly logger: Logger
}

/** After a stop's time-out, and for a close, a transport has this long to answer. */
const patienceMs = 10_000

/** A bus between start and stop: one transport, its workers, everything that belongs to this start and to no other. */
export class StartedBus implements ContextSender {
  readonly #init: StartInit
  readonly #scope: BusScope
  readonly #guard: GuardedTransport
  readonly #supervisors: Supervisors
  readonly #outlet: Outlet
  readonly #schedule: Schedule | undefined
  readonly #waits: OpenWaits = new Set()
  readonly #replies: ReplyEndpoint
  readonly #requests: Requests
  readonly #events: AwaitedEvents
  #workers: readonly EndpointWorker[] = []
  #keepAlive: NodeJS.Timeout | undefined
  #report: StartReport | undefined
  readonly #stopTimeoutMs: number
  readonly #givenUp = Promise.withResolvers<never>()

  constructor(init: StartInit) {
    const { plan, options, clock, logger } = init
    this.#init = init
    this.#stopTimeoutMs = milliseconds(options.stopTimeout, defaults.stopTimeout)
    const scope = new BusScope({ bus: plan.name, instanceId: randomUUID(), clock, logger })
    const guard = new GuardedTransport({
      transport: init.source.create(),
      bus: plan.name,
      instanceId: scope.instanceId,
      clock,
      logger,
      publishTimeoutMs: milliseconds(options.publishTimeout, defaults.publishTimeout),
      trouble: (what) => this.#trouble(what),
    })
    const middleware = middlewareOfBus(options)
    this.#scope = scope
    this.#guard = guard
    this.#supervisors = createSupervisors({ clock, logger, random: Math.random })
    const provision = provisionTopology(guard, options.provision ?? defaults.provision, {
      topology: plan.topology,
      logger,
      clock,
      timeoutMs: milliseconds(options.publishTimeout, defaults.publishTimeout),
    })
    this.#provision = provision.start
    this.#schedule = buildSchedule(scope, { guard, options, trouble: (what) => this.#trouble(what) })
    const delays = { capabilities: () => guard.capabilities, hasSchedule: this.#schedule !== undefined }
    this.#outlet = new Outlet(scope, { guard, schedule: this.#schedule }, (outlet) =>
      outgoingPipelines({ scope, guard, routes: plan.routes, delays, ensureTopic: provision.ensureTopic }, middleware, outlet),
    )
    const maxBodyBytes = options.maxBodyBytes ?? defaults.maxBodyBytes
    const pending = new PendingRequests(scope, maxBodyBytes)
    const waiting = { outlet: this.#outlet, open: this.#waits, pipeline: replyPipeline(middleware) }
    this.#replies = new ReplyEndpoint(scope, guard, { ...waiting, pending })
    this.#requests = new Requests(scope, guard, { ...waiting, pending, replies: this.#replies })
    this.#events = new AwaitedEvents(scope, guard, { ...waiting, maxBodyBytes, awaits: options.awaits ?? [] })
  }
  readonly #provision: () => Promise<void>
  #giveUpTimer: { cancel(): void } | undefined

  get report(): StartReport | undefined {
    return this.#report
  }

  /** Connects, compares, provisions, subscribes. What fails closes again what was opened. */
  async start(): Promise<void> {
    try {
      await Promise.race([this.#open(), this.#givenUp.promise])
    } catch (error) {
      this.#scope.stopping = true
      for (const worker of this.#workers) worker.giveUp()
      await this.#close()
      throw error
    } finally {
      this.#giveUpTimer?.cancel()
    }
    // Transports without sockets would let the process end while it is subscribed.
    this.#keepAlive = setInterval(() => undefined, 2 ** 30)
  }

  /** Ends a start that does not end by itself within the time of a stop: the broker may be away. */
  giveUp(): void {
    this.#giveUpTimer = this.#scope.clock.after(this.#stopTimeoutMs, () => this.#givenUp.reject(new StoppedError(this.#scope.bus)))
  }

  async #open(): Promise<void> {
    const { plan, options } = this.#init
    await this.#guard.connect(this.#host())
    this.#report = startReport({ bus: plan.name, transport: this.#guard.name }, requirementsOf(plan, options), {
      capabilities: this.#guard.capabilities,
      stores: options.stores ?? {},
    })
    const problems = impossible(this.#report)
    if (problems.length > 0) throw new ConfigurationError(`the bus ${JSON.stringify(plan.name)} cannot start on ${this.#guard.name}`, problems)
    for (const inbox of inboxesOf(plan, options)) await inbox.open?.({ clock: this.#scope.clock })
    await this.#provision()
    const init = { scope: this.#scope, guard: this.#guard, outlet: this.#outlet, sender: this, plan, options, instances: new Map() }
    this.#workers = plan.endpoints.map((endpoint) => buildEndpoint(endpoint, init))
    await Promise.all(this.#workers.map((worker) => worker.start()))
    this.#schedule?.start()
  }

  #host(): TransportHost {
    const { clock, instanceId } = this.#scope
    return {
      instanceId,
      clock,
      stores: this.#init.options.stores ?? {},
      supervise: (work) => this.#supervisors.supervise(work),
      report: (event) => this.#told(event),
    }
  }

  #told(event: TransportEvent): void {
    switch (event.kind) {
      case 'late-settlement':
      case 'dropped-reply':
        return this.#scope.count(event.kind, this.#guard.name)
      case 'outage':
      case 'defect':
        return this.#scope.logger[event.kind === 'outage' ? 'warn' : 'error'](
          { bus: this.#scope.bus, transport: this.#guard.name, error: event.cause instanceof Error ? event.cause.message : String(event.cause) },
          `${this.#guard.name} reports ${event.kind === 'outage' ? 'an outage' : 'a defect'}`,
        )
    }
  }

  #trouble(what: 'begins' | 'ends'): void {
    for (const worker of this.#workers) worker.pause[what === 'begins' ? 'begin' : 'end']('broker-trouble')
  }

  /** The handler that runs here, if it is one of any bus of this process. */
  #cause(): Cause | undefined {
    const context = currentContext()
    return context instanceof HandlerContext ? context : undefined
  }

  /** Once stopping, only what running handlers send. */
  #mayLeave(cause: Cause | undefined): void {
    if (this.#scope.stopping && cause?.instanceId !== this.#scope.instanceId) throw new StoppedError(this.#scope.bus)
  }

  async send(verb: 'send' | 'publish', message: AnyMessage, options: SendOptions | undefined, cause: Cause | undefined = this.#cause()): Promise<void> {
    this.#mayLeave(cause)
    return this.#outlet.send(verb, message, options, cause)
  }

  async request<M extends Answerable>(message: M, options: RequestOptions | undefined, cause: Cause | undefined = this.#cause()): Promise<ReplyOf<M>> {
    this.#mayLeave(cause)
    return this.#requests.request(message, options, cause)
  }

  async gather<M extends Answerable, From extends string>(
    message: M,
    options: GatherOptions<From>,
    cause: Cause | undefined = this.#cause(),
  ): Promise<Gathered<ReplyOf<M>, From>> {
    this.#mayLeave(cause)
    return this.#requests.gather(message, options, cause)
  }

  async requestEvent<S extends AnyEventClass, F extends AnyEventClass>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
    cause: Cause | undefined = this.#cause(),
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>> {
    this.#mayLeave(cause)
    return (await this.#events.request(command, options, cause)) as EventOutcome<MessageOf<S>, MessageOf<F>>
  }

  /** Once stopping, only what running handlers cancel. */
  async cancel(id: string): Promise<'cancelled' | 'too-late'> {
    this.#mayLeave(this.#cause())
    if (this.#schedule === undefined) throw new NotCancelableError(id, 'no-store')
    return this.#schedule.cancel(id)
  }

  async stop(): Promise<readonly Unfinished[]> {
    const { clock } = this.#scope
    const endsAt = clock.now() + this.#stopTimeoutMs
    const grace = new AbortController()
    const over = Promise.withResolvers<void>()
    const timer = clock.after(this.#stopTimeoutMs, over.resolve)
    this.#scope.stopping = true
    let unfinished: readonly Unfinished[] = []
    const dispatched = this.#schedule?.stop(grace.signal)
    const drained = Promise.all(this.#workers.map((worker) => worker.drain()))
    const inTime = await Promise.race([drained.then(() => true), over.promise.then(() => false)])
    if (!inTime) {
      unfinished = this.#workers.flatMap((worker) => worker.abandon())
      grace.abort(new StoppedError(this.#scope.bus))
    }
    over.promise.then(
      () => grace.abort(new StoppedError(this.#scope.bus)),
      () => undefined,
    )
    try {
      await this.#unlessHung('stop', this.#leave(grace.signal, dispatched), endsAt - clock.now() + patienceMs)
    } finally {
      timer.cancel()
      await this.#close()
    }
    return unfinished
  }

  async #leave(signal: AbortSignal, dispatched: Promise<void> | undefined): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop(signal)))
    for (const wait of [...this.#waits]) wait.reject(new RequestStoppedError(this.#scope.bus))
    await Promise.all([this.#replies.stop(signal), this.#events.stop(signal)])
    await dispatched
    await Promise.all([this.#guard.drain(signal), this.#schedule?.drain(signal)])
  }

  async #close(): Promise<void> {
    clearInterval(this.#keepAlive)
    this.#schedule?.close()
    try {
      await this.#unlessHung('close', this.#guard.close(), patienceMs)
    } finally {
      await this.#supervisors.stopAll()
    }
  }

  /** A transport that does not answer must not keep the process from ending. */
  async #unlessHung(what: string, work: Promise<void>, ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<'hung'>()
    const timer = this.#scope.clock.after(ms, () => resolve('hung'))
    try {
      if ((await Promise.race([work, promise])) === 'hung') {
        this.#scope.logger.warn({ bus: this.#scope.bus, transport: this.#guard.name }, `${this.#guard.name} does not end its ${what}: it is left behind`)
      }
    } finally {
      timer.cancel()
    }
  }

  health(): BusHealth {
    const connections = this.#supervisors.status().map(({ name, state, sinceMs }) => ({ name, state, sinceMs }))
    const endpoints = this.#workers.map(({ setup, running, waiting, pause }) => ({ name: setup.name, running, waiting, paused: pause.reasons }))
    const failed = connections.some(({ state }) => state === 'failed')
    const schedule = this.#schedule?.health
    const held = schedule !== undefined && (schedule.store === 'down' || schedule.refused > 0)
    const degraded = held || connections.some(({ state }) => state !== 'open') || endpoints.some(({ paused }) => paused.length > 0)
    const status = failed ? 'failed' : this.#scope.stopping ? 'stopping' : degraded ? 'degraded' : 'ok'
    return {
      status,
      transport: this.#guard.name,
      connections,
      endpoints,
      sending: this.#guard.pending,
      requests: this.#waits.size,
      ...(schedule && { schedule }),
    }
  }
}
