import type { Envelope } from '@waybill/core/contract'
import type { MemoryBroker } from '@waybill/core/memory'
import { crashes, observe, type CrashEvent, type InstrumentationEvents, type VirtualClock } from '@waybill/core/runtime'
import type { PlainBodies } from './plain-bodies.js'
import { realNow, realTimer } from './real-time.js'

interface AtHandler {
  readonly endpoint: string
  readonly handler: string
  /** The message: id, type, headers, correlation. Its body is as it came over the wire. */
  readonly envelope: Envelope
}

/** One run of a handler that has succeeded; what it sent has left. */
export interface Handled extends AtHandler {
  /** From 1. */
  readonly attempt: number
}

/** One attempt that has failed. */
export interface Failure extends AtHandler {
  readonly attempt: number
  /** What the handler threw; `undefined` where a middleware rejected without an error. */
  readonly error: unknown
  /** How long until the next attempt; `undefined`: there is none. */
  readonly delayMs: number | undefined
}

/** One message that nobody could handle, as it was put away. */
export interface DeadLetter extends AtHandler {
  /** `retries-exhausted`, `expired`, `body-not-json`, … */
  readonly reason: string
  readonly error: unknown
}

/** A delivery between its arrival and its settlement. */
export interface Run {
  readonly instanceId: string
  readonly endpoint: string
  readonly envelope: Envelope | undefined
  handler: string | undefined
  attempt: number
  /** What it waits for, as far as the last event says. `retry` and `broker` end by the clock alone; `turn`, at a limit, by the clock or with another run. */
  waitsFor: 'code' | 'retry' | 'turn' | 'broker'
  /** Virtual time of its arrival, or of the start of the handler that runs. */
  sinceMs: number
  /** Real time of its last event. */
  touchedMs: number
}

/** A message that the broker has not taken yet, or a request whose reply has not left yet. */
export interface Open {
  readonly envelope: Envelope
  readonly sinceMs: number
  refusals: number
}

/** All that the buses on one broker announce. Other buses of the process are none of its business. */
export class Recorder {
  /** Confirmed by the broker, in that order; copies and replies left out. The body is as it was serialized. */
  readonly sent: Envelope[] = []
  readonly handled: Handled[] = []
  readonly failures: Failure[] = []
  readonly deadLetters: DeadLetter[] = []
  readonly runs = new Map<object, Run>()
  /** By their copy ids. */
  readonly refused = new Map<string, Open>()
  /** By their ids. */
  readonly requests = new Map<string, Open>()
  /** How much has happened. */
  events = 0
  deliveries = 0
  /** The message that was delivered last, for people. */
  last = ''
  readonly #broker: MemoryBroker
  readonly #clock: VirtualClock
  readonly #bodies: PlainBodies
  readonly #ours = new Map<string, boolean>()
  readonly #ends: readonly (() => void)[]
  readonly #waiting = new Set<() => void>()

  constructor(broker: MemoryBroker, clock: VirtualClock, bodies: PlainBodies) {
    this.#broker = broker
    this.#clock = clock
    this.#bodies = bodies
    const crashed = (event: unknown): void => this.#crashed(event as CrashEvent)
    crashes.subscribe(crashed)
    this.#ends = [
      this.#on('deliver', (event) => this.#delivered(event)),
      this.#on('invoke', (event) => this.#invoked(event)),
      this.#on('retry', (event) => this.#retries(event)),
      this.#on('wait', ({ envelope, state }) => this.#touch(envelope, { waitsFor: state === 'begins' ? 'turn' : 'code' })),
      this.#on('handled', (event) => this.#ended(event)),
      this.#on('settle', ({ delivery }) => void this.runs.delete(delivery.envelope ?? delivery)),
      this.#on('deadLetter', ({ endpoint, handler, reason, error, envelope }) => void this.deadLetters.push({ endpoint, handler, reason, error, envelope })),
      this.#on('send', (event) => this.#sent(event)),
      () => void crashes.unsubscribe(crashed),
    ]
  }

  /** Something has happened that no bus announces. */
  tick(): void {
    this.events += 1
    for (const wake of this.#waiting) wake()
  }

  /** Resolves when something happens, at the latest after so much of the machine's time. */
  next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel()
        this.#waiting.delete(wake)
        resolve()
      }
      const cancel = realTimer(ms, wake)
      this.#waiting.add(wake)
    })
  }

  /** Listens no more. What was recorded stays. */
  end(): void {
    for (const end of this.#ends) end()
  }

  #on<Name extends keyof InstrumentationEvents>(name: Name, listener: (event: InstrumentationEvents[Name]) => void): () => void {
    return observe(name, (event) => {
      if (!this.#isOurs(event.instanceId)) return
      listener(event)
      this.tick()
    })
  }

  /** Whoever is connected to the broker when it is first heard of: nothing is announced before. */
  #isOurs(instanceId: string): boolean {
    let known = this.#ours.get(instanceId)
    if (known === undefined) this.#ours.set(instanceId, (known = this.#broker.connections().includes(instanceId)))
    return known
  }

  #delivered({ instanceId, endpoint, delivery }: InstrumentationEvents['deliver']): void {
    this.deliveries += 1
    const { envelope } = delivery
    this.last = `${envelope?.type ?? 'a message'} at ${endpoint}`
    const run: Run = { instanceId, endpoint, envelope, handler: undefined, attempt: 0, waitsFor: 'code', sinceMs: this.#clock.now(), touchedMs: realNow() }
    this.runs.set(envelope ?? delivery, run)
  }

  #invoked({ envelope, handler, attempt }: InstrumentationEvents['invoke']): void {
    this.#touch(envelope, { handler, attempt, waitsFor: 'code', sinceMs: this.#clock.now() })
  }

  #retries({ endpoint, handler, envelope, attempt, error, delayMs }: InstrumentationEvents['retry']): void {
    this.failures.push({ endpoint, handler, envelope, attempt, error, delayMs })
    this.#touch(envelope, { waitsFor: delayMs > 0 ? 'retry' : 'code' })
  }

  #ended({ endpoint, handler, envelope, attempt, outcome, error }: InstrumentationEvents['handled']): void {
    // Where a middleware rejects, no handler was invoked.
    const failed = this.runs.get(envelope)?.attempt || attempt
    this.#touch(envelope, { handler: undefined, attempt: 0, waitsFor: 'code' })
    if (outcome === 'accepted') this.handled.push({ endpoint, handler, envelope, attempt })
    // The failure of a deferred one was told with its retry.
    if (outcome === 'rejected') this.failures.push({ endpoint, handler, envelope, attempt: failed, error, delayMs: undefined })
  }

  #touch(envelope: Envelope, change: Partial<Run>): void {
    const run = this.runs.get(envelope)
    if (run !== undefined) Object.assign(run, change, { touchedMs: realNow() })
  }

  #sent({ outgoing, purpose, outcome }: InstrumentationEvents['send']): void {
    const { envelope, copyId } = outgoing
    const before = this.refused.get(copyId)
    if (outcome !== 'confirmed') {
      this.refused.set(copyId, { envelope, sinceMs: before?.sinceMs ?? this.#clock.now(), refusals: (before?.refusals ?? 0) + 1 })
      this.#markSender(envelope, 'broker')
      return
    }
    if (this.refused.delete(copyId)) this.#markSender(envelope, 'code')
    if (purpose === 'message') this.#left(envelope)
    else if (purpose === 'reply') this.requests.delete(envelope.causationId ?? '')
  }

  #left(envelope: Envelope): void {
    const plain = envelope.body === null ? null : this.#bodies.of(envelope.body)
    this.sent.push(plain === envelope.body ? envelope : { ...envelope, body: plain })
    if (envelope.replyTo !== undefined) this.requests.set(envelope.id, { envelope, sinceMs: this.#clock.now(), refusals: 0 })
  }

  /** What a handler sends names its message as the cause; a copy has its message's own id. */
  #markSender({ id, causationId }: Envelope, waitsFor: Run['waitsFor']): void {
    for (const run of this.runs.values()) {
      if (run.envelope !== undefined && (run.envelope.id === causationId || run.envelope.id === id)) Object.assign(run, { waitsFor, touchedMs: realNow() })
    }
  }

  /** The dead settle nothing. */
  #crashed({ instanceId }: CrashEvent): void {
    for (const [key, run] of this.runs) if (run.instanceId === instanceId) this.runs.delete(key)
    this.tick()
  }
}
