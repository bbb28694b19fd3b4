import {
  ConfigurationError,
  parseDuration,
  type AnyEventClass,
  type AnyHandledClass,
  type AnyMessage,
  type AnyMessageClass,
  type Answerable,
  type Bus,
  type Duration,
  type EndpointOptions,
  type Event,
  type EventOutcome,
  type Gathered,
  type GatherOptions,
  type HandlerEntry,
  type MessageOf,
  type ReplyOf,
  type RequestEventOptions,
  type RequestOptions,
  type Sendable,
  type SendOptions,
  type Stopped,
} from '@waybill/core'
import type { Envelope } from '@waybill/core/contract'
import type { MemoryBroker } from '@waybill/core/memory'
import type { VirtualClock } from '@waybill/core/runtime'
import { StuckError } from './errors.js'
import type { Harness, SettleOptions } from './harness.js'
import { loadOf, type Call, type Watched } from './load.js'
import { readMessage, typeOf } from './read-message.js'
import type { DeadLetter, Failure, Handled, Recorder } from './recorder.js'
import { stuckOf } from './stuck-of.js'
import type { AnyTestBusOptions, TestBusOptions } from './test-bus-options.js'
import { untilQuiet, type Patience, type Verdict } from './until-quiet.js'

/** Starts a bus on the broker and the clock of the harness. */
export type Start = (options: AnyTestBusOptions) => Promise<Bus>

interface Init {
  readonly bus: Bus
  readonly broker: MemoryBroker
  readonly clock: VirtualClock
  readonly recorder: Recorder
  readonly start: Start
}

const defaults = { within: '1s', deliveries: 100_000 } as const
/** Virtual time after which a bus that does not stop is left alone: it has crashed, and nobody is there to stop it. */
const longestStopMs = 86_400_000

export class StartedHarness implements Harness {
  readonly bus: Bus
  readonly clock: VirtualClock
  readonly broker: MemoryBroker
  readonly #recorder: Recorder
  readonly #start: Start
  readonly #buses: Bus[]
  readonly #calls = new Set<Call>()
  readonly #startedMs: number
  readonly #envelopes = new WeakMap<object, Envelope>()
  #stopping: Promise<Stopped> | undefined

  constructor({ bus, broker, clock, recorder, start }: Init) {
    this.bus = bus
    this.clock = clock
    this.broker = broker
    this.#recorder = recorder
    this.#start = start
    this.#buses = [bus]
    this.#startedMs = clock.now()
  }

  async join<H extends HandlerEntry = never, E extends Readonly<Record<string, EndpointOptions>> = {}>(options: TestBusOptions<H, E>): Promise<Bus> {
    const bus = await this.#start(options as AnyTestBusOptions)
    this.#buses.push(bus)
    return bus
  }

  send(command: Sendable, options?: SendOptions): Promise<void> {
    return this.#call('send', command, () => this.bus.send(command, options))
  }

  publish(event: Event, options?: SendOptions): Promise<void> {
    return this.#call('publish', event, () => this.bus.publish(event, options))
  }

  request<M extends Answerable>(message: M, options?: RequestOptions): Promise<ReplyOf<M>> {
    return this.#answered(this.bus.request(message, options))
  }

  gather<M extends Answerable, From extends string>(message: M, options: GatherOptions<From>): Promise<Gathered<ReplyOf<M>, From>> {
    return this.#answered(this.bus.gather(message, options))
  }

  requestEvent<S extends AnyEventClass, F extends AnyEventClass = never>(
    command: Sendable,
    options: RequestEventOptions<S, F>,
  ): Promise<EventOutcome<MessageOf<S>, MessageOf<F>>> {
    return this.#answered(this.bus.requestEvent(command, options))
  }

  async #answered<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } finally {
      this.#recorder.tick()
    }
  }

  async #call(verb: Call['verb'], message: object, run: () => Promise<void>): Promise<void> {
    const call: Call = { verb, type: typeText(message), sinceMs: this.clock.now() }
    this.#calls.add(call)
    try {
      await run()
    } finally {
      this.#calls.delete(call)
      this.#recorder.tick()
    }
  }

  async settled(options?: SettleOptions): Promise<void> {
    const verdict = await this.#untilQuiet(this.#patience('settled', options))
    if (!verdict.quiet) throw new StuckError(stuckOf({ ...this.#watched, clock: this.clock, startedMs: this.#startedMs }), verdict)
  }

  async advance(duration: Duration, options?: SettleOptions): Promise<void> {
    const until = this.clock.now() + milliseconds('advance', duration)
    const patience = this.#patience('advance', options)
    await this.#untilQuiet(patience)
    for (let next = this.clock.waiting.next; next !== undefined && next <= until; next = this.clock.waiting.next) await this.#moveTo(next, patience)
    await this.#moveTo(until, patience)
  }

  async #moveTo(ms: number, patience: Patience): Promise<Verdict> {
    await this.clock.advance(ms - this.clock.now())
    return this.#untilQuiet(patience)
  }

  #untilQuiet(patience: Patience): Promise<Verdict> {
    const watched = this.#watched
    return untilQuiet({ clock: this.clock, recorder: this.#recorder, load: () => loadOf(watched) }, patience)
  }

  get #watched(): Watched {
    return { broker: this.broker, buses: this.#buses, recorder: this.#recorder, calls: this.#calls }
  }

  #patience(of: string, { within = defaults.within, deliveries = defaults.deliveries }: SettleOptions = {}): Patience {
    return { withinMs: milliseconds(`${of}'s within`, within), spent: false, deliveries, deliveriesBefore: this.#recorder.deliveries }
  }

  published<C extends AnyEventClass>(event: C): readonly MessageOf<C>[] {
    return this.#left(event)
  }

  sent<C extends AnyHandledClass>(message: C): readonly MessageOf<C>[] {
    return this.#left(message)
  }

  #left<C extends AnyMessageClass>(declared: C): readonly MessageOf<C>[] {
    const type = typeOf(declared)
    return this.#recorder.sent.flatMap((envelope) => {
      if (envelope.type !== type || envelope.body === null) return []
      const message = readMessage(declared, envelope.body)
      this.#envelopes.set(message, envelope)
      return [message]
    })
  }

  envelopeOf(message: AnyMessage): Envelope {
    const envelope = this.#envelopes.get(message)
    if (envelope !== undefined) return envelope
    throw new ConfigurationError('The envelope cannot be found', [
      { what: `${JSON.stringify(message)} did not come from this harness`, fix: 'Pass a message that its published() or sent() has returned.' },
    ])
  }

  handled(of?: AnyMessageClass | string): readonly Handled[] {
    return this.#recorder.handled.filter(matches(of))
  }

  failures(of?: AnyMessageClass | string): readonly Failure[] {
    return this.#recorder.failures.filter(matches(of))
  }

  deadLetters(of?: AnyMessageClass | string): readonly DeadLetter[] {
    return this.#recorder.deadLetters.filter(matches(of))
  }

  stop(options?: SettleOptions): Promise<Stopped> {
    this.#stopping ??= this.#stop(this.#patience('stop', options))
    return this.#stopping
  }

  async #stop(patience: Patience): Promise<Stopped> {
    const giveUpMs = this.clock.now() + longestStopMs
    let ended = false
    const end = (): void => {
      ended = true
      this.#recorder.tick()
    }
    const stopping = Promise.all(this.#buses.map((bus) => bus.stop()))
    stopping.then(end, end)
    try {
      await this.#untilQuiet(patience)
      for (let next = this.clock.waiting.next; !ended && next !== undefined && next <= giveUpMs; next = this.clock.waiting.next)
        await this.#moveTo(next, patience)
      return { unfinished: ended ? (await stopping).flatMap(({ unfinished }) => unfinished) : [] }
    } finally {
      this.#recorder.end()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

function matches(of: AnyMessageClass | string | undefined): (record: Pick<Handled, 'handler' | 'envelope'>) => boolean {
  if (of === undefined) return () => true
  if (typeof of === 'string') return ({ handler }) => handler === of
  const type = typeOf(of)
  return ({ envelope }) => envelope.type === type
}

/** For the table: whether it is a message at all is the bus's matter. */
function typeText(message: unknown): string {
  const type = (message as { readonly constructor?: { readonly type?: unknown } } | undefined)?.constructor?.type
  return typeof type === 'string' ? type : ''
}

function milliseconds(of: string, duration: Duration): number {
  const ms = parseDuration(duration)
  if (ms !== undefined) return ms
  throw new ConfigurationError('Time cannot be told', [
    { what: `${of} was given ${JSON.stringify(duration)}`, fix: 'Write a duration: "250ms", "10s", "10m", "10h".' },
  ])
}
