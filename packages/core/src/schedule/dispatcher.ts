import type { ClaimedMessage, GivenBack, ScheduleStore } from '../contract/index.js'
import { errorFacts, asError, SendError } from '../errors/index.js'
import { backOffMs } from '../runtime/back-off.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { RefusedRows } from './refused-rows.js'
import { Reports } from './reports.js'
import { SendSignals } from './send-signals.js'
import type { StoreCalls } from './store-calls.js'

export interface DispatcherInit {
  readonly scope: BusScope
  readonly store: ScheduleStore
  readonly guard: GuardedTransport
  readonly calls: StoreCalls
  readonly pollMs: number
}

const mostAtOnce = 100
const mostInFlight = 1_000
/** A claim outlives its sends: nobody takes over what is still tried here. */
const leaseMs = 60_000
const sendMs = 30_000
/** Before the end of the lease nothing of a claim is on its way any more. */
const marginMs = 10_000
const takenMs = 100
const refusedBackOff = { firstMs: 5_000, longestMs: 600_000 }

/** Sends what is due in the schedule store: claims it, sends it, and only when the broker has it says so to the store. */
export class Dispatcher {
  readonly #init: DispatcherInit
  readonly #reports: Reports
  readonly #flights = new Set<Promise<void>>()
  /** Aborts what is tried, so that it goes back. */
  readonly #over = new AbortController()
  readonly #signals = new SendSignals()
  readonly #refused: RefusedRows
  #state: 'new' | 'open' | 'stopping' | 'dead' = 'new'
  #sending = 0
  #claiming: Promise<void> | undefined
  #again = false
  #failures = 0
  /** The earliest that was added since the last claim began. */
  #addedMs = Infinity
  #timer: { readonly atMs: number; cancel(): void } | undefined
  #unwatch: (() => void) | undefined

  constructor(init: DispatcherInit) {
    this.#init = init
    this.#reports = new Reports(init)
    this.#refused = new RefusedRows(init.scope.clock, leaseMs + init.pollMs)
  }

  get sending(): number {
    return this.#sending
  }
  get refused(): number {
    return this.#refused.count
  }

  start(): void {
    this.#state = 'open'
    this.#unwatch = this.#init.store.watch?.(() => this.#wake())
    this.#wake()
  }

  /** A row of this bus waits in the store. */
  added(dueMs: number): void {
    this.#addedMs = Math.min(this.#addedMs, dueMs)
    if (this.#state === 'open' && this.#claiming === undefined && this.#addedMs < (this.#timer?.atMs ?? Infinity)) this.#arm(this.#addedMs)
  }

  /** Nobody waits for it any more. */
  cancelled(cancelId: string): void {
    this.#refused.cancelled(cancelId)
  }

  /** Claims nothing more; resolves when what is claimed is sent, or given back when the signal aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    if (this.#state === 'dead') return
    this.#state = 'stopping'
    this.#rest()
    const abort = (): void => this.#over.abort(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    await Promise.race([this.#claiming, this.#aborted])
    await Promise.all(this.#flights)
    await this.#reports.drained(signal)
    signal.removeEventListener('abort', abort)
  }

  close(): void {
    if (this.#state !== 'dead') this.#state = 'stopping'
    this.#rest()
    this.#over.abort()
  }

  /** As a process that is gone: what is claimed stays claimed until its lease is over. */
  die(): void {
    this.#state = 'dead'
    this.#rest()
  }

  /** Resolves when what is tried is to go back. */
  get #aborted(): Promise<void> {
    const { signal } = this.#over
    return signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }

  #rest(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #wake(): void {
    if (this.#state !== 'open') return
    if (this.#claiming !== undefined) {
      this.#again = true
      return
    }
    this.#claiming = this.#claimAll().finally(() => {
      this.#claiming = undefined
      if (this.#again) this.#wake()
      else this.added(Infinity)
    })
  }

  async #claimAll(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#again = false
    while (this.#state === 'open' && this.#sending < mostInFlight) {
      this.#addedMs = Infinity
      let nextMs: number | undefined
      try {
        nextMs = await this.#claim()
        this.#failures = 0
      } catch {
        this.#failures += 1
        // What is added meanwhile finds the same store.
        if (this.#state === 'open') this.#armIn(backOffMs(this.#failures, { firstMs: 100, longestMs: 30_000 }, Math.random))
        return
      }
      nextMs = Math.min(nextMs ?? Infinity, this.#addedMs)
      if (nextMs > this.#init.scope.clock.now()) {
        this.#arm(nextMs)
        return
      }
    }
  }

  /** When the next row can be claimed. */
  async #claim(): Promise<number | undefined> {
    const { store, calls, scope } = this.#init
    const nowMs = scope.clock.now()
    const { rows, nextMs } = await calls.call('claim what is due', () =>
      store.claim(scope.bus, { nowMs, leaseMs, limit: Math.min(mostAtOnce, mostInFlight - this.#sending) }),
    )
    if (rows.length > 0 && this.#state !== 'dead') this.#take(rows, nowMs + leaseMs - marginMs)
    // Something is due, and another one has its hands on it.
    const isTaken = rows.length === 0 && nextMs !== undefined && !(nextMs > nowMs)
    return isTaken ? scope.clock.now() + takenMs : nextMs
  }

  #take(rows: readonly ClaimedMessage[], untilMs: number): void {
    const flight = this.#sendAll(rows, untilMs).finally(() => {
      this.#flights.delete(flight)
      const wasFull = this.#sending >= mostInFlight
      this.#sending -= rows.length
      if (wasFull) this.#wake()
    })
    this.#sending += rows.length
    this.#flights.add(flight)
  }

  /** All at once, in their order: the guard keeps it for each key. */
  async #sendAll(rows: readonly ClaimedMessage[], untilMs: number): Promise<void> {
    const { clock } = this.#init.scope
    const late = new AbortController()
    const restMs = Math.min(sendMs, untilMs - clock.now())
    // The store has answered so late that the rows may be somebody else's by now.
    if (restMs <= 0) late.abort()
    const timer = clock.after(restMs, () => late.abort())
    const signal = AbortSignal.any([late.signal, this.#over.signal])
    await Promise.all(rows.map((row) => this.#send(row, signal)))
    timer.cancel()
  }

  async #send(row: ClaimedMessage, ended: AbortSignal): Promise<void> {
    const { scope, guard } = this.#init
    // Sent before, while the store did not hear of it; or a new one under its key, since the store did. It comes again when the store has been told.
    if (this.#reports.has(row)) return this.#reports.givenBack({ key: row.key, token: row.token, againMs: 0, failures: row.failures, maybeSent: false })
    const before = scope.failpoint('before-schedule-send')
    if (before !== undefined) await before
    const { outgoing, purpose } = row
    const end = this.#signals.enter(outgoing, ended)
    try {
      await guard.sendUntilTaken({ outgoing, purpose, signal: end.signal })
    } catch (error) {
      if (this.#state !== 'dead') this.#reports.givenBack(this.#afterFailure(row, error, end.signal))
      return
    } finally {
      end.leave()
    }
    const after = scope.failpoint('after-schedule-send')
    if (after !== undefined) await after
    this.#refused.delete(row.key)
    if (this.#state !== 'dead') this.#reports.sent(row)
  }

  #afterFailure(row: ClaimedMessage, error: unknown, signal: AbortSignal): GivenBack {
    const { key, token, outgoing, failures: before } = row
    const { scope } = this.#init
    const maybeSent = error instanceof SendError && error.failures.some(({ outcome }) => outcome === 'unknown')
    // The broker is away, or the bus stops: no fault of the message, which keeps its place.
    if (signal.aborted || scope.stopping) return { key, token, againMs: 0, failures: before, maybeSent }
    const failures = before + 1
    if (failures === 1) this.#alarm(outgoing, error)
    const againMs = scope.clock.now() + backOffMs(failures, refusedBackOff, Math.random)
    this.#refused.add(row, againMs)
    return { key, token, againMs, failures, maybeSent }
  }

  /** Once for each message: it stays in the store, and is tried less and less often. */
  #alarm({ envelope, destination }: ClaimedMessage['outgoing'], error: unknown): void {
    const { bus, logger } = this.#init.scope
    const to = destination.kind === 'address' ? destination.address : destination.name
    logger.error(
      { bus, messageId: envelope.id, type: envelope.type, correlationId: envelope.correlationId, to, error: errorFacts(asError(error, envelope.type)).message },
      `${envelope.type} is due, and ${to} refuses it. It stays in the schedule store and is tried again, at the latest every 15 minutes, until it is taken or cancelled`,
    )
  }

  #arm(atMs: number): void {
    this.#armIn(atMs - this.#init.scope.clock.now())
  }

  #armIn(ms: number): void {
    const { scope, store, pollMs } = this.#init
    const waitMs = store.watch === undefined ? Math.min(ms, pollMs) : ms
    this.#timer?.cancel()
    this.#timer = undefined
    if (waitMs === Infinity) return
    const timer = scope.clock.after(waitMs, () => this.#wake())
    this.#timer = { atMs: scope.clock.now() + waitMs, cancel: () => timer.cancel() }
  }
}
