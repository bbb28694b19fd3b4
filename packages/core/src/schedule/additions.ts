import type { ScheduledMessage, ScheduleStore } from '../contract/index.js'
import { ScheduleStoreError, SendAbortedError, SendError, StoppedError } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { Deadlines } from '../runtime/deadlines.js'
import type { StoreCalls } from './store-calls.js'

const mostAtOnce = 100
const storeName = 'the schedule store'

interface Addition {
  readonly message: ScheduledMessage
  readonly atMs: number
  /** The store has been asked: it may have it. */
  left: boolean
  readonly settle: (error?: Error) => void
}

/** What is on its way into the store: one call at a time, so that the order of adding is the order of the calls, with everything that waits. */
export class Additions {
  readonly #scope: BusScope
  readonly #store: ScheduleStore
  readonly #calls: StoreCalls
  readonly #timeoutMs: number
  readonly #deadlines: Deadlines
  readonly #open = new Set<Addition>()
  #waiting: Addition[] = []
  #isRunning = false
  #isClosed = false
  readonly #drains = new Set<() => void>()

  constructor(scope: BusScope, store: ScheduleStore, init: { readonly calls: StoreCalls; readonly timeoutMs: number }) {
    this.#scope = scope
    this.#store = store
    this.#calls = init.calls
    this.#timeoutMs = init.timeoutMs
    this.#deadlines = new Deadlines(scope.clock, (nowMs) => this.#pass(nowMs))
  }

  get size(): number {
    return this.#open.size
  }

  /** Resolves when the store has it. Rejects with a `SendError` at the time-out, when the store fails and when the signal gives up: `refused` only if it was never asked, or has said so. */
  add(message: ScheduledMessage, signal: AbortSignal | undefined): Promise<void> {
    const { type } = message.outgoing.envelope
    if (this.#isClosed) return Promise.reject(new StoppedError(this.#scope.bus))
    if (signal?.aborted === true) return Promise.reject(new SendAbortedError(type, { cause: signal.reason }))
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#end(addition, new SendAbortedError(type, { cause: signal?.reason }), 'as far as it came')
      const addition: Addition = {
        message,
        atMs: this.#deadlines.in(this.#timeoutMs).atMs,
        left: false,
        settle: (error) => {
          if (!this.#open.delete(addition)) return
          signal?.removeEventListener('abort', abort)
          if (error === undefined) resolve()
          else reject(error)
          if (this.#open.size === 0) for (const end of this.#drains) end()
        },
      }
      signal?.addEventListener('abort', abort)
      this.#open.add(addition)
      this.#waiting.push(addition)
      if (!this.#isRunning) void this.#run()
    })
  }

  /** Resolves when nothing is on its way, or when the signal aborts. */
  async drained(signal: AbortSignal): Promise<void> {
    if (this.#open.size === 0 || signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = (): void => resolve()
    this.#drains.add(end)
    signal.addEventListener('abort', end)
    await promise
    signal.removeEventListener('abort', end)
    this.#drains.delete(end)
  }

  close(): void {
    this.#isClosed = true
    const stopped = new StoppedError(this.#scope.bus)
    for (const addition of [...this.#open]) this.#end(addition, stopped, 'as far as it came')
    this.#deadlines.close(stopped)
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#leave(batch)
    this.#isRunning = false
  }

  async #leave(batch: readonly Addition[]): Promise<void> {
    for (const addition of batch) addition.left = true
    const messages = batch.map(({ message }) => message)
    try {
      await this.#calls.call('add a message', (signal) => this.#store.add(this.#scope.bus, messages, signal))
      for (const addition of batch) addition.settle()
    } catch (error) {
      // It keeps all of them or none: which of them it will not have shows only when each goes alone.
      if (batch.length > 1 && isForGood(error)) return this.#leaveOneByOne(batch)
      for (const addition of batch) this.#end(addition, error as Error, isRefusal(error) ? 'refused' : 'as far as it came')
    }
  }

  async #leaveOneByOne(batch: readonly Addition[]): Promise<void> {
    for (const addition of batch) if (this.#open.has(addition)) await this.#leave([addition])
  }

  #next(): readonly Addition[] {
    // Those that have given up do not leave any more.
    this.#waiting = this.#waiting.filter((addition) => this.#open.has(addition))
    return this.#waiting.splice(0, mostAtOnce)
  }

  #pass(nowMs: number): void {
    const late = new ScheduleStoreError('add a message', new Error(`no answer within ${this.#timeoutMs} ms`))
    for (const addition of [...this.#open]) if (addition.atMs <= nowMs) this.#end(addition, late, 'as far as it came')
  }

  #end(addition: Addition, cause: Error, how: 'refused' | 'as far as it came'): void {
    const { type, id } = addition.message.outgoing.envelope
    const outcome = addition.left && how !== 'refused' ? 'unknown' : 'refused'
    const retryable = !(cause instanceof ScheduleStoreError) || cause.retryable
    addition.settle(new SendError(storeName, [{ type, id, outcome, retryable, cause }]))
  }
}

const isForGood = (error: unknown): boolean => error instanceof ScheduleStoreError && !error.retryable

/** What the store's own error says; otherwise it may have done it. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof ScheduleStoreError ? error.cause : undefined
  return typeof cause === 'object' && cause !== null && 'outcome' in cause && cause.outcome === 'refused'
}
