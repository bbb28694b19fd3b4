import type { EventOutcome, Gathered, GatherOptions, RequestEventOptions, RequestOptions, SendOptions } from '../context/index.js'
import type { Clock } from '../contract/index.js'
import { ConfigurationError, NotStartedError, quote, SendAbortedError, StartTimeoutError, StoppedError } from '../errors/index.js'
import type { HandlerEntry } from '../handlers/index.js'
import { contractOf, type AnyEventClass, type AnyMessage, type Answerable, type Event, type MessageOf, type ReplyOf, type Sendable } from '../messages/index.js'
import { checkSignal } from '../outgoing/checked-options.js'
import { defaultTimeout } from '../requests/wait.js'
import { abortReason } from '../runtime/abort-reason.js'
import { systemClock } from '../runtime/clock.js'
import { within } from '../runtime/within.js'
import { milliseconds, parseDuration, type Duration } from '../wire/index.js'
import { Bus, type Stopped } from './bus.js'
import type { AnyBusOptions, BusOptions, EndpointOptions } from './bus-options.js'
import type { BusDescription } from './describe.js'
import { defaults } from './endpoint-defaults.js'
import type { BusHealth } from './health.js'
import type { StartedBus } from './started-bus.js'
import { stopBegins } from './stops.js'
import { transportName } from './transport-name.js'

/** Makes a bus of its options. Nothing is checked or opened before `start()`, which reports every problem at once. */
export function createBus<H extends HandlerEntry = never, E extends Readonly<Record<string, EndpointOptions>> = {}>(options: BusOptions<H, E>): Bus {
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError('A bus has no options', [{ what: `createBus was given ${quote(options)}`, fix: 'Pass { name, handlers, … }.' }])
  return new WaybillBus(options as AnyBusOptions)
}

/** A start on its way. */
interface Opening {
  bus: StartedBus | undefined
  /** A stop waits for it. */
  isUnwanted: boolean
}

type State =
  | { readonly is: 'new' }
  | { readonly is: 'starting'; readonly started: Promise<StartedBus>; readonly opening: Opening }
  | { readonly is: 'started'; readonly started: StartedBus }
  | { readonly is: 'stopping'; readonly started: StartedBus }
  | { readonly is: 'stopped' }

/** What a call says of how long it waits. */
interface Patience {
  readonly timeout?: Duration
  readonly signal?: AbortSignal | undefined
}

const nothingLeft: Stopped = Object.freeze({ unfinished: [] })

class WaybillBus extends Bus {
  readonly #options: AnyBusOptions
  #state: State = { is: 'new' }
  #ending: Promise<Stopped> | undefined

  constructor(options: AnyBusOptions) {
    super()
    this.#options = options
    options.container?.attach?.(this)
  }

  get name(): string {
    return this.#options.name
  }

  async start(): Promise<void> {
    // Also one that waits for a start before it: the last call decides.
    while (this.#ending !== undefined) await this.#ending
    if (this.#state.is === 'new' || this.#state.is === 'stopped') {
      const before = this.#state
      const opening: Opening = { bus: undefined, isUnwanted: false }
      const started = this.#start(opening)
      this.#state = { is: 'starting', started, opening }
      try {
        this.#state = { is: 'started', started: await started }
      } catch (error) {
        this.#state = before
        throw error
      }
    } else if (this.#state.is === 'starting') await this.#state.started
  }

  /** Loaded here, not above: who only declares messages and handlers does not need what runs them. */
  async #start(opening: Opening): Promise<StartedBus> {
    const { prepareBus } = await import('./engine.js')
    const bus = await prepareBus(this.#options)
    opening.bus = bus
    if (opening.isUnwanted) bus.giveUp()
    await bus.start()
    return bus
  }

  stop(): Promise<Stopped> {
    this.#ending ??= this.#stop().finally(() => {
      this.#ending = undefined
    })
    return this.#ending
  }

  async #stop(): Promise<Stopped> {
    stopBegins(this)
    if (this.#state.is === 'starting') await this.#endOf(this.#state)
    if (this.#state.is !== 'started') {
      this.#state = { is: 'stopped' }
      return nothingLeft
    }
    const { started } = this.#state
    this.#state = { is: 'stopping', started }
    const unfinished = await started.stop()
    this.#state = { is: 'stopped' }
    return { unfinished }
  }

  /** A start on its way may end well; one that does not end is given up. */
  async #endOf({ opening, started }: State & { readonly is: 'starting' }): Promise<void> {
    opening.isUnwanted = true
    opening.bus?.giveUp()
    await started.catch(() => undefined)
  }

  get #clock(): Clock {
    return this.#options.clock ?? systemClock
  }

  /** Calls made while it starts wait for it until the publish time-out, as they would for a broker that is down, and no longer than they say themselves; before `start()` and after `stop()` they are an error at once. */
  #running(options: Patience | undefined, message: AnyMessage | undefined): StartedBus | Promise<StartedBus> {
    switch (this.#state.is) {
      case 'started':
      case 'stopping':
        return this.#state.started
      case 'starting':
        return this.#begun(this.#state.started, options, message)
      case 'new':
        throw new NotStartedError(this.name)
      case 'stopped':
        throw new StoppedError(this.name)
    }
  }

  #begun(started: Promise<StartedBus>, options: Patience | undefined, message: AnyMessage | undefined): Promise<StartedBus> {
    checkSignal(options ?? {})
    const publishTimeoutMs = milliseconds(this.#options.publishTimeout, defaults.publishTimeout)
    const own = parseDuration(options?.timeout) ?? Number.POSITIVE_INFINITY
    const ms = Math.min(own, publishTimeoutMs)
    return within(started, {
      clock: this.#clock,
      ms,
      late: () => new StartTimeoutError(this.name, ms, own < publishTimeoutMs ? '{ timeout }' : 'publishTimeout'),
      signal: options?.signal,
      aborted: (signal) => (message === undefined ? abortReason(signal) : new SendAbortedError(contractOf(message)?.type ?? '', { cause: signal.reason })),
    })
  }

  /** What a call waits for the start is a part of its time. */
  async #ask<O extends Patience | undefined, Answer>(options: O, ask: (bus: StartedBus, options: O) => Promise<Answer>): Promise<Answer> {
    const running = this.#running({ timeout: options?.timeout ?? defaultTimeout, signal: options?.signal }, undefined)
    if (!('then' in running)) return ask(running, options)
    const sinceMs = this.#clock.now()
    const bus = await running
    return ask(bus, shortened(options, this.#clock.now() - sinceMs))
  }

  async send(command: Sendable, options?: SendOptions): Promise<void> {
    const running = this.#running(options, command)
    return ('then' in running ? await running : running).sender.send('send', command, options)
  }

  async publish(event: Event, options?: SendOptions): Promise<void> {
    const running = this.#running(options, event)
    return ('then' in running ? await running : running).sender.send('publish', event, options)
  }

  request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>> {
    return this.#ask(options, (bus, rest) => bus.sender.request(message, rest))
  }

  gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>> {
    return this.#ask(options, (bus, rest) => bus.sender.gather(message, rest))
  }

  requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>> {
    return this.#ask(options, (bus, rest) => bus.sender.requestEvent(command, rest))
  }

  async cancel(id: string): Promise<'cancelled' | 'too-late'> {
    const running = this.#running(undefined, undefined)
    return ('then' in running ? await running : running).sender.cancel(id)
  }

  health(): BusHealth {
    if (this.#state.is === 'started' || this.#state.is === 'stopping') return this.#state.started.health
    const { is: status } = this.#state
    return { status, transport: transportName(this.#options.transport), connections: [], endpoints: [], sending: { messages: 0, bytes: 0 }, requests: 0 }
  }

  async describe(): Promise<BusDescription> {
    const { describeOptions } = await import('./engine.js')
    const report = this.#state.is === 'started' || this.#state.is === 'stopping' ? this.#state.started.report : undefined
    return describeOptions(this.#options, report)
  }
}

/** What is no duration is refused where it is used. */
function shortened<O extends Patience | undefined>(options: O, byMs: number): O {
  const ms = parseDuration(options?.timeout ?? defaultTimeout)
  return byMs <= 0 || ms === undefined ? options : { ...options, timeout: `${Math.max(0, ms - byMs)}ms` }
}
