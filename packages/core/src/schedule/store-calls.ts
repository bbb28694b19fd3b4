import { causeText, ScheduleStoreError } from '../errors/index.js'
import { backOffMs } from '../runtime/back-off.js'
import type { BusScope } from '../runtime/bus-scope.js'

const backOff = { firstMs: 100, longestMs: 30_000 }

/** Calls of the store: each answers in time or has failed, one warning per outage, and no wait outlives the end. */
export class StoreCalls {
  readonly #scope: BusScope
  readonly #timeoutMs: number
  readonly #closed = new AbortController()
  #isDown = false

  constructor(scope: BusScope, timeoutMs: number) {
    this.#scope = scope
    this.#timeoutMs = timeoutMs
  }

  get isDown(): boolean {
    return this.#isDown
  }

  /** Rejects with a `ScheduleStoreError`, at the latest at its time-out. Then the signal aborts: the answer does not count any more. */
  async call<T>(doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const end = new AbortController()
    const late = this.wait(this.#timeoutMs, end.signal).then((how): never => {
      throw new Error(how === 'due' ? `no answer within ${this.#timeoutMs} ms` : 'the bus has stopped')
    })
    try {
      const answer = await Promise.race([work(end.signal), late])
      this.#answers()
      return answer
    } catch (cause) {
      throw this.#failed(new ScheduleStoreError(doing, cause))
    } finally {
      end.abort()
      late.catch(() => undefined)
    }
  }

  /** Before attempt `failures + 1`. */
  rest(failures: number, signal?: AbortSignal): Promise<'due' | 'ended'> {
    return this.wait(backOffMs(failures, backOff, Math.random), signal)
  }

  /** `due` after `ms`, or `ended` before. */
  wait(ms: number, signal: AbortSignal = this.#closed.signal): Promise<'due' | 'ended'> {
    const closed = this.#closed.signal
    if (closed.aborted || signal.aborted) return Promise.resolve('ended')
    return new Promise((resolve) => {
      const finish = (how: 'due' | 'ended'): void => {
        timer.cancel()
        closed.removeEventListener('abort', end)
        signal.removeEventListener('abort', end)
        resolve(how)
      }
      const end = (): void => finish('ended')
      const timer = this.#scope.clock.after(ms, () => finish('due'))
      closed.addEventListener('abort', end)
      signal.addEventListener('abort', end)
    })
  }

  close(): void {
    this.#closed.abort()
  }

  #answers(): void {
    if (this.#isDown) this.#scope.logger.info({ bus: this.#scope.bus }, 'The schedule store answers again')
    this.#isDown = false
  }

  #failed(error: ScheduleStoreError): ScheduleStoreError {
    // A store that refuses for good has answered.
    if (!this.#isDown && error.retryable && !this.#closed.signal.aborted) {
      this.#isDown = true
      this.#scope.logger.warn({ bus: this.#scope.bus, error: causeText(error.cause) }, `${error.message}. It is asked again until it answers`)
    }
    return error
  }
}
