import type { RequestOptions, SendOptions } from '../context/index.js'
import { ConfigurationError, NotStartedError, StoppedError, TransportMissingError, type Problem } from '../errors/index.js'
import type { HandlerEntry } from '../handlers/index.js'
import { guardedLogger } from '../logging/guarded-logger.js'
import { defaultLogger } from '../logging/logger.js'
import type { Answerable, Event, ReplyOf, Sendable } from '../messages/index.js'
import { systemClock } from '../runtime/clock.js'
import { Bus, type Stopped } from './bus.js'
import type { AnyBusOptions, BusOptions, EndpointOptions } from './bus-options.js'
import { planBus, type BusPlan } from './bus-plan.js'
import { checkBusOptions } from './check-bus-options.js'
import { checkPlan } from './check-plan.js'
import { describeBus, transportName, type BusDescription } from './describe.js'
import { defaults } from './endpoint-defaults.js'
import type { BusHealth } from './health.js'
import { StartedBus } from './started-bus.js'
import { transportSource } from './transport-source.js'

/** Makes a bus of its options. Nothing is checked or opened before `start()`, which reports every problem at once. */
export function createBus<H extends HandlerEntry = never, E extends Readonly<Record<string, EndpointOptions>> = {}>(options: BusOptions<H, E>): Bus {
  return new WaybillBus(options as AnyBusOptions)
}

type State =
  | { readonly is: 'new' }
  | { readonly is: 'starting'; readonly started: Promise<StartedBus> }
  | { readonly is: 'started'; readonly started: StartedBus }
  | { readonly is: 'stopping'; readonly started: StartedBus; readonly stopped: Promise<Stopped> }
  | { readonly is: 'stopped' }

const nothingLeft: Stopped = Object.freeze({ unfinished: [] })

class WaybillBus extends Bus {
  readonly #options: AnyBusOptions
  #state: State = { is: 'new' }

  constructor(options: AnyBusOptions) {
    super()
    this.#options = options
    options.container?.attach?.(this)
  }

  get name(): string {
    return this.#options.name
  }

  async start(): Promise<void> {
    if (this.#state.is === 'stopping') await this.#state.stopped
    if (this.#state.is === 'new' || this.#state.is === 'stopped') {
      const before = this.#state
      const started = this.#start()
      this.#state = { is: 'starting', started }
      try {
        this.#state = { is: 'started', started: await started }
      } catch (error) {
        this.#state = before
        throw error
      }
    } else if (this.#state.is === 'starting') await this.#state.started
  }

  async #start(): Promise<StartedBus> {
    const options = this.#options
    const problems: Problem[] = checkBusOptions(options)
    // Where the options have the wrong shape there is nothing to read handlers from.
    const plan = readable(options) ? planBus(options, problems) : undefined
    if (plan !== undefined) checkPlan(plan, options, problems)
    const source = await transportSource(options.transport ?? defaults.transport).catch((error: unknown) => {
      if (problems.length === 0) throw error
      if (error instanceof ConfigurationError) problems.push(...error.problems)
      else problems.push({ what: error instanceof Error ? error.message : String(error), fix: error instanceof TransportMissingError ? 'Install the package.' : 'Look at `transport`.' })
    })
    if (problems.length > 0 || plan === undefined || source === undefined) throw new ConfigurationError(`the bus ${JSON.stringify(options.name)} cannot start`, problems)
    const started = new StartedBus({ source, plan, options, clock: options.clock ?? systemClock, logger: guardedLogger(options.logger ?? defaultLogger) })
    await started.start()
    return started
  }

  async stop(): Promise<Stopped> {
    if (this.#state.is === 'starting') await this.#state.started.catch(() => undefined)
    if (this.#state.is === 'stopping') return this.#state.stopped
    if (this.#state.is !== 'started') {
      if (this.#state.is === 'new') this.#state = { is: 'stopped' }
      return nothingLeft
    }
    const { started } = this.#state
    const stopped = started
      .stop()
      .then((unfinished): Stopped => ({ unfinished }))
      .finally(() => {
        this.#state = { is: 'stopped' }
      })
    this.#state = { is: 'stopping', started, stopped }
    return stopped
  }

  /** Calls made while it starts wait for it; before `start()` and after `stop()` they are an error at once. */
  #running(): StartedBus | Promise<StartedBus> {
    switch (this.#state.is) {
      case 'started':
      case 'stopping':
      case 'starting':
        return this.#state.started
      case 'new':
        throw new NotStartedError(this.name)
      case 'stopped':
        throw new StoppedError(this.name)
    }
  }

  async send(command: Sendable, options?: SendOptions): Promise<void> {
    const running = this.#running()
    return (running instanceof StartedBus ? running : await running).send('send', command, options)
  }

  async publish(event: Event, options?: SendOptions): Promise<void> {
    const running = this.#running()
    return (running instanceof StartedBus ? running : await running).send('publish', event, options)
  }

  async request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>> {
    const running = this.#running()
    return (running instanceof StartedBus ? running : await running).request(message, options)
  }

  health(): BusHealth {
    if (this.#state.is === 'started' || this.#state.is === 'stopping') return this.#state.started.health()
    const { is: status } = this.#state
    return { status, transport: transportName(this.#options.transport), connections: [], endpoints: [], sending: { messages: 0, bytes: 0 }, requests: 0 }
  }

  describe(): BusDescription {
    const problems: Problem[] = checkBusOptions(this.#options)
    if (!readable(this.#options)) throw new ConfigurationError(`the bus ${JSON.stringify(this.name)} cannot be described`, problems)
    const plan: BusPlan = planBus(this.#options, problems)
    const report = this.#state.is === 'started' || this.#state.is === 'stopping' ? this.#state.started.report : undefined
    return describeBus(plan, this.#options, report)
  }
}

/** Whether the lists are lists: wrong ones are reported, and cannot be read. */
function readable({ handlers, endpoints, sends, routes, name }: AnyBusOptions): boolean {
  const isObject = (value: unknown): boolean => value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
  const isList = (value: unknown): boolean => value === undefined || Array.isArray(value)
  return typeof name === 'string' && isList(handlers) && isList(sends) && isObject(routes) && isObject(endpoints) && Object.values(endpoints ?? {}).every((endpoint) => typeof endpoint === 'object' && endpoint !== null && Array.isArray(endpoint.handlers))
}
