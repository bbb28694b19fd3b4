import { randomUUID } from 'node:crypto'
import type { Clock, TransportSource } from '../contract/index.js'
import { ConfigurationError, StoppedError } from '../errors/index.js'
import type { Unfinished } from '../incoming/index.js'
import type { Logger } from '../logging/logger.js'
import { Outlet } from '../outgoing/index.js'
import { outgoingPipelines, replyPipeline } from '../pipeline/index.js'
import { Answers } from '../requests/index.js'
import { impossible, startReport, type StartReport } from '../requirements/index.js'
import { BusScope } from '../runtime/bus-scope.js'
import { GuardedTransport } from '../runtime/guarded-transport.js'
import { createSupervisors } from '../runtime/supervisor.js'
import { milliseconds } from '../wire/index.js'
import { buildEndpoint } from './build-endpoint.js'
import { buildSchedule } from './build-schedule.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan } from './bus-plan.js'
import { BusSender } from './bus-sender.js'
import { defaults } from './endpoint-defaults.js'
import { healthOf, type BusHealth } from './health.js'
import { inboxesOf } from './inboxes.js'
import { middlewareOfBus } from './pipelines.js'
import { provisionTopology } from './provision.js'
import { requirementsOf } from './requirements-of.js'
import { closeParts, stopParts, type BusParts } from './stop-parts.js'
import { transportHost } from './transport-host.js'

export interface StartInit {
  readonly source: TransportSource
  readonly plan: BusPlan
  readonly options: AnyBusOptions
  readonly clock: Clock
  readonly logger: Logger
}

/** A bus between start and stop: one transport, its workers, everything that belongs to this start and to no other. */
export class StartedBus {
  readonly sender: BusSender
  readonly #init: StartInit
  readonly #parts: BusParts
  readonly #outlet: Outlet
  readonly #provision: () => Promise<void>
  readonly #stopTimeoutMs: number
  readonly #givenUp = Promise.withResolvers<never>()
  #giveUpTimer: { cancel(): void } | undefined
  #keepAlive: NodeJS.Timeout | undefined
  #report: StartReport | undefined

  constructor(init: StartInit) {
    const { plan, options, clock, logger } = init
    const publishTimeoutMs = milliseconds(options.publishTimeout, defaults.publishTimeout)
    const trouble = (what: 'begins' | 'ends'): void => this.#trouble(what)
    const scope = new BusScope({ bus: plan.name, instanceId: randomUUID(), clock, logger })
    const guard = new GuardedTransport({
      transport: init.source.create(),
      bus: plan.name,
      instanceId: scope.instanceId,
      clock,
      logger,
      publishTimeoutMs,
      trouble,
    })
    const schedule = buildSchedule(scope, { guard, options, trouble })
    const middleware = middlewareOfBus(options)
    const provision = provisionTopology(guard, options.provision ?? defaults.provision, {
      topology: plan.topology,
      logger,
      clock,
      timeoutMs: publishTimeoutMs,
    })
    const delays = { capabilities: () => guard.capabilities, hasSchedule: schedule !== undefined }
    const outlet = new Outlet(scope, { guard, schedule }, (made) =>
      outgoingPipelines({ scope, guard, routes: plan.routes, delays, ensureTopic: provision.ensureTopic }, middleware, made),
    )
    const answers = new Answers(scope, guard, {
      outlet,
      pipeline: replyPipeline(middleware),
      maxBodyBytes: options.maxBodyBytes ?? defaults.maxBodyBytes,
      awaits: options.awaits ?? [],
    })
    this.#init = init
    this.#outlet = outlet
    this.#provision = provision.start
    this.#stopTimeoutMs = milliseconds(options.stopTimeout, defaults.stopTimeout)
    this.#parts = { scope, guard, schedule, answers, supervisors: createSupervisors({ clock, logger, random: Math.random }), workers: [] }
    this.sender = new BusSender({ scope, outlet, answers, schedule })
  }

  get report(): StartReport | undefined {
    return this.#report
  }

  get health(): BusHealth {
    return healthOf(this.#parts)
  }

  /** Connects, compares, provisions, subscribes. What fails closes again what was opened. */
  async start(): Promise<void> {
    try {
      await Promise.race([this.#open(), this.#givenUp.promise])
    } catch (error) {
      this.#parts.scope.stopping = true
      for (const worker of this.#parts.workers) worker.giveUp()
      await closeParts(this.#parts)
      throw error
    } finally {
      this.#giveUpTimer?.cancel()
    }
    // Transports without sockets would let the process end while it is subscribed.
    this.#keepAlive = setInterval(() => undefined, 2 ** 30)
  }

  /** Ends a start that does not end by itself within the time of a stop: the broker may be away. */
  giveUp(): void {
    const { scope } = this.#parts
    this.#giveUpTimer = scope.clock.after(this.#stopTimeoutMs, () => this.#givenUp.reject(new StoppedError(scope.bus)))
  }

  async #open(): Promise<void> {
    const { plan, options } = this.#init
    const { scope, guard, supervisors, schedule } = this.#parts
    const stores = options.stores ?? {}
    await guard.connect(transportHost(scope, { name: guard.name, stores, supervisors }))
    this.#report = startReport({ bus: plan.name, transport: guard.name }, requirementsOf(plan, options), { capabilities: guard.capabilities, stores })
    const problems = impossible(this.#report)
    if (problems.length > 0) throw new ConfigurationError(`the bus ${JSON.stringify(plan.name)} cannot start on ${guard.name}`, problems)
    for (const inbox of inboxesOf(plan, options)) await inbox.open?.({ clock: scope.clock })
    await this.#provision()
    const init = { scope, guard, outlet: this.#outlet, sender: this.sender, plan, options, instances: new Map() }
    const workers = plan.endpoints.map((endpoint) => buildEndpoint(endpoint, init))
    this.#parts.workers = workers
    await Promise.all(workers.map((worker) => worker.start()))
    // A stop may have given it up meanwhile, and closed it.
    if (!scope.stopping) schedule?.start()
  }

  #trouble(what: 'begins' | 'ends'): void {
    for (const worker of this.#parts.workers) worker.pause[what === 'begins' ? 'begin' : 'end']('broker-trouble')
  }

  /** Never rejects. */
  async stop(): Promise<readonly Unfinished[]> {
    this.#giveUpTimer?.cancel()
    const unfinished = await stopParts(this.#parts, this.#stopTimeoutMs)
    clearInterval(this.#keepAlive)
    return unfinished
  }
}
