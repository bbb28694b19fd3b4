import type { AnyMessage, Answerable, Bus, Event, ReplyOf, RequestOptions, Sendable, SendOptions, Stopped } from '@waybill/core'
import type { TransportSource } from '@waybill/core/contract'
import type { InstrumentationEvents } from '@waybill/core/runtime'
import { randomUUID } from 'node:crypto'
import type { Doors, Place } from '../harness/harness.js'
import type { Fact } from '../history/history.js'
import { HistoryRecorder } from '../recorder/history-recorder.js'
import { RecordingLog, type LogPattern } from '../recorder/recording-logger.js'
import { Buses, type LabBusOptions } from './buses.js'
import { Checks, type Check } from './checks.js'
import { ScenarioEnded } from './failure.js'
import { LabFaults } from './lab-faults.js'
import { outcomeOf, type Outcome } from './outcome.js'
import { Pacer } from './pacer.js'
import { noteFinalDepths, untilQuiet, windowMs, type QuietOptions } from './quiet.js'
import { Random } from './random.js'
import { placeOf } from './place-of.js'
import { recordingDoors } from './recording-doors.js'

export interface LabOptions {
  readonly place: Place
  readonly seed: number
  readonly scenario: string
  readonly sabotage?: (source: TransportSource) => TransportSource
}

const callBoundMs = 120_000
const stopBoundMs = 120_000
const aDayMs = 86_400_000

/** What a scenario works with: buses, time, doors, faults, checks, and the record of it all. The same in virtual and in real time. */
export class Lab {
  readonly random: Random
  readonly checks = new Checks()
  readonly faults: LabFaults
  readonly recorder: HistoryRecorder
  readonly log: RecordingLog
  readonly doors: Required<Doors>
  readonly place: Place
  readonly #buses: Buses
  readonly #pacer: Pacer
  #promises = 0

  constructor({ place, seed, scenario, sabotage = (source) => source }: LabOptions) {
    this.place = place
    this.random = new Random(seed, scenario)
    this.#pacer = new Pacer(place)
    this.recorder = new HistoryRecorder(() => place.clock.now())
    this.doors = recordingDoors(place.doors, this.recorder)
    this.log = new RecordingLog(this.recorder)
    this.#buses = new Buses({ place, recorder: this.recorder, log: this.log, sabotage })
    this.faults = new LabFaults({ place, recorder: this.recorder, buses: this.#buses, pacer: this.#pacer })
  }

  get time(): 'virtual' | 'real' {
    return this.place.time
  }
  /** Epoch milliseconds of the run's clock. */
  now(): number {
    return this.#pacer.now()
  }
  /** How long a negative assertion waits: max(2 s, 3 polls). */
  get windowMs(): number {
    return windowMs(this.place)
  }

  /** A started bus; it is stopped with the scenario. */
  async bus(options: LabBusOptions = {}): Promise<Bus> {
    const bus = this.newBus(options)
    await this.start(bus)
    return bus
  }
  /** Not started: for scenarios of the start itself. */
  newBus(options: LabBusOptions = {}): Bus {
    return this.#buses.create(options)
  }
  start(bus: Bus): Promise<void> {
    return this.bounded(`${bus.name} starts`, this.#buses.start(bus))
  }
  stop(bus: Bus): Promise<Stopped> {
    return this.bounded(`${bus.name} stops`, this.#buses.stop(bus), stopBoundMs)
  }
  instanceOf(bus: Bus): string {
    return this.#buses.instanceOf(bus)
  }

  /** Rejects like the bus; what became of the message is in the history. */
  send(bus: Bus, command: Sendable, options: SendOptions = {}): Promise<void> {
    return this.#published(bus, command, { options, call: (given) => bus.send(command, given) })
  }
  publish(bus: Bus, event: Event, options: SendOptions = {}): Promise<void> {
    return this.#published(bus, event, { options, call: (given) => bus.publish(event, given) })
  }
  request<M extends Answerable>(bus: Bus, message: M, options: RequestOptions = {}): Promise<ReplyOf<M>> {
    return this.#published(bus, message, { options, call: (given) => bus.request(message, given) })
  }
  /** What `send`, `publish` or `request` rejects with, as a value; `undefined`: it resolved. */
  async rejection(call: Promise<unknown>): Promise<unknown> {
    try {
      await call
      return undefined
    } catch (error) {
      if (error instanceof ScenarioEnded) throw error
      return error
    }
  }
  /** A message that goes in past every bus. */
  publishRaw(to: Parameters<Doors['publish']>[0], message: Parameters<Doors['publish']>[1]): Promise<void> {
    return this.doors.publish(to, message)
  }

  /** Lets so much time pass: moves a virtual clock, really waits otherwise. */
  async pass(ms: number): Promise<void> {
    await this.#pacer.wait(ms, () => false)
  }
  /** Work without time, in a handler: so many turns of the event loop, during which virtual time stands still. */
  turns(count: number): Promise<void> {
    return this.#pacer.turns(count)
  }
  /** Waits for the condition; the scenario fails with this text, and ends, when it does not come in time. Counts as a check. */
  async until(what: string, condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
    this.#bound(what, await this.#pacer.wait(withinMs, condition), withinMs)
  }
  /** The promise, driven by the run's clock; the scenario ends when it does not settle within its bound. */
  async bounded<T>(what: string, promise: Promise<T>, boundMs = callBoundMs): Promise<T> {
    const id = `p${(this.#promises += 1)}`
    this.recorder.note({ kind: 'promise-started', promise: id, what, boundMs })
    promise.then(
      () => this.recorder.note({ kind: 'promise-ended', promise: id, outcome: 'resolved' }),
      () => this.recorder.note({ kind: 'promise-ended', promise: id, outcome: 'rejected' }),
    )
    if (!(await this.#pacer.settles(boundMs, promise))) this.#fail(`${what} settles`, boundMs)
    return promise
  }
  /** The quiescence rule: all endpoints empty as their broker says, no delivery for a window, a fresh instance of each bus finds nothing, final depths on record. Counts as a check. */
  async quiet({ endpoints, withinMs = this.time === 'virtual' ? 7_200_000 : 60_000, drain = true }: QuietOptions = {}): Promise<void> {
    const named = endpoints ?? (await this.#buses.endpoints())
    const parts = { place: this.place, recorder: this.recorder, buses: this.#buses, pacer: this.#pacer }
    const wait = async (): Promise<void> => {
      const { quiet, text } = await untilQuiet(parts, named, withinMs)
      this.checks.hold(quiet, { check: `quiet within ${withinMs} ms`, kind: 'bound', expected: 'nothing left', actual: text })
      if (!quiet) throw new ScenarioEnded('quiet')
    }
    await wait()
    if (drain) {
      const fresh = await Promise.all(this.#buses.running.map((bus) => this.bus(this.#buses.optionsOf(bus))))
      await wait()
      await Promise.all(fresh.map((bus) => this.stop(bus)))
    }
    await noteFinalDepths(parts, named)
  }

  check(name: string): Check {
    return this.checks.named(name)
  }
  /** Records from warn on fail a scenario that has not said so before: by level, text or pattern. */
  expectLog(pattern: LogPattern): void {
    this.log.expect(pattern)
  }
  /** Everything of one kind that the buses of this scenario have announced so far; it grows. */
  seen<Name extends keyof InstrumentationEvents>(channel: Name): readonly InstrumentationEvents[Name][] {
    return this.recorder.events[channel]
  }
  get history(): HistoryRecorder['history'] {
    return this.recorder.history
  }
  note(fact: Fact): void {
    this.recorder.note(fact)
  }

  /** Stops every bus, ends every fault and the record. Never rejects for what a scenario did. */
  async end(): Promise<void> {
    await this.faults.endAll()
    for (const bus of this.#buses.left) {
      const stopping = this.#buses.stop(bus)
      if (!(await this.#pacer.settles(stopBoundMs, stopping)))
        this.checks.failures.push({ check: `${bus.name} stops`, kind: 'guard', expected: `within ${stopBoundMs} ms`, actual: 'still running' })
    }
    // Nobody is there to answer: only its own timers are left to end.
    for (const bus of this.#buses.crashedBuses) await this.#pacer.settles(stopBoundMs, bus.stop())
    this.recorder.end()
    this.#pacer.end()
    // What the broker keeps for a while ends by itself; what still waits afterwards is a leak.
    if (this.place.time === 'virtual') await this.place.clock.advance(aDayMs)
  }

  async #published<T>(
    bus: Bus,
    message: AnyMessage,
    { options, call }: { readonly options: SendOptions; readonly call: (options: SendOptions) => Promise<T> },
  ): Promise<T> {
    const id = options.id ?? randomUUID()
    const { to, key, isEvent } = placeOf(message, options.key)
    const instance = this.#buses.instanceOf(bus)
    this.recorder.own(id)
    this.recorder.note({
      ...{ kind: 'publish-started', message: id, to, instance, sequence: this.recorder.sequence(instance, to, key) },
      ...(key !== undefined && { key }),
      ...(isEvent && { readers: this.recorder.subscriptions.of(to) }),
    })
    let outcome: Outcome = 'confirmed'
    try {
      return await this.bounded(`${bus.name} publishes ${to}`, call({ ...options, id }))
    } catch (error) {
      // A request that is given up rejects with the caller's own reason: it may have been handled.
      outcome = error === options.signal?.reason ? 'unknown' : outcomeOf(error)
      throw error
    } finally {
      this.recorder.note({ kind: 'publish-ended', message: id, outcome })
    }
  }

  #bound(what: string, inTime: boolean, withinMs: number): void {
    if (!inTime) this.#fail(what, withinMs)
    this.checks.hold(true, { check: what, kind: 'bound' })
  }
  #fail(check: string, withinMs: number): never {
    this.checks.hold(false, { check, kind: 'bound', expected: `within ${withinMs} ms`, actual: 'not in time' })
    throw new ScenarioEnded(check)
  }
}
