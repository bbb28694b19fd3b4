import type { Clock, SupervisedWork, Supervisor } from '../contract/index.js'
import { causeText } from '../errors/index.js'
import type { Logger } from '../logging/logger.js'
import { backOffMs } from './back-off.js'

export interface SupervisorOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** From 0 to 1, for the jitter of waits. */
  readonly random: () => number
}

export interface WorkStatus {
  readonly name: string
  /** `opening`: for the first time; `down`: lost, or it could not be opened, and it is tried again; `failed`: it is tried no more. */
  readonly state: 'opening' | 'open' | 'down' | 'failed'
  /** Epoch milliseconds: when that began. */
  readonly sinceMs: number
  readonly cause?: unknown
}

type Close = () => Promise<void>
const backOff = { firstMs: 100, longestMs: 30_000 }
/** What was open for less is not steady: opening it again goes on with the longer waits. */
const steadyMs = 10_000
/** A close, or an open that has become useless, is waited for this long: the other side may be gone. */
const patienceMs = 10_000

/** One piece of work that is kept open. */
export class SupervisedOpening implements Supervisor {
  readonly #work: SupervisedWork
  readonly #options: SupervisorOptions
  readonly #removed: () => void
  readonly #ready = Promise.withResolvers<void>()
  #status: WorkStatus
  #wasOpen = false
  /** Answers of earlier attempts no longer count. */
  #attempt = 0
  #failures = 0
  #close: Close | undefined
  #lostEarly: { readonly cause: unknown } | undefined
  #transition: Promise<void>
  #timer: { cancel(): void } | undefined
  #progressMs = 0
  #stopping: Promise<void> | undefined

  /** Opens at once. `removed` runs when it is stopped. */
  constructor(work: SupervisedWork, options: SupervisorOptions, removed: () => void) {
    this.#work = work
    this.#options = options
    this.#removed = removed
    this.#status = { name: work.name, state: 'opening', sinceMs: options.clock.now() }
    // Who does not wait for it hears of it through the log and the status.
    this.#ready.promise.catch(() => undefined)
    this.#transition = this.#open()
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  get status(): WorkStatus {
    return this.#status
  }

  progress(): void {
    this.#progressMs = this.#options.clock.now()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    const close = this.#take()
    this.#ready.reject(Object.assign(new Error('it was stopped before it was open'), { advice: 'Start the bus again' }))
    await this.#patiently(close === undefined ? this.#transition : this.#end(close))
    this.#removed()
  }

  async #open(): Promise<void> {
    const attempt = (this.#attempt += 1)
    this.#lostEarly = undefined
    let close: Close
    try {
      close = await this.#work.open((cause) => this.#lost(attempt, cause))
    } catch (cause) {
      if (this.#stopping === undefined) this.#failed(cause)
      return
    }
    const early = this.#lostEarly as { readonly cause: unknown } | undefined
    if (this.#stopping !== undefined || early !== undefined) await this.#end(close)
    // Asked again: it may have been stopped while it closed.
    if (this.#stopping !== undefined) return
    if (early === undefined) this.#opened(close)
    else this.#again(early.cause)
  }

  #opened(close: Close): void {
    const { clock, logger } = this.#options
    const now = clock.now()
    if (this.#status.state === 'down') logger.info({ work: this.#work.name, downMs: now - this.#status.sinceMs }, `${this.#work.name} is open again`)
    this.#status = { name: this.#work.name, state: 'open', sinceMs: now }
    this.#wasOpen = true
    this.#close = close
    this.#ready.resolve()
    this.#progressMs = now
    this.#watch()
  }

  #failed(cause: unknown): void {
    if (!isFinal(cause)) return this.#again(cause)
    const { clock, logger } = this.#options
    this.#status = { name: this.#work.name, state: 'failed', sinceMs: clock.now(), cause }
    this.#ready.reject(cause)
    if (this.#wasOpen)
      logger.error(
        { work: this.#work.name, cause: causeText(cause) },
        `${this.#work.name} cannot be opened again: ${causeText(cause)}. It is tried no more: mend the cause and start the bus again`,
      )
  }

  #lost(attempt: number, cause: unknown): void {
    if (attempt !== this.#attempt || this.#stopping !== undefined) return
    if (this.#close === undefined) this.#lostEarly ??= { cause }
    else {
      this.#take()
      this.#again(cause)
    }
  }

  /** What is open is not any more; returns how it is closed. */
  #take(): Close | undefined {
    const close = this.#close
    this.#timer?.cancel()
    this.#close = undefined
    this.#attempt += 1
    return close
  }

  #again(cause: unknown): void {
    this.#note(cause)
    this.#failures += 1
    this.#timer = this.#options.clock.after(backOffMs(this.#failures, backOff, this.#options.random), () => {
      this.#transition = this.#open()
    })
  }

  /** One warning per outage, not per attempt. */
  #note(cause: unknown): void {
    const { clock, logger } = this.#options
    const { state, sinceMs } = this.#status
    const now = clock.now()
    if (state === 'open' && now - sinceMs >= steadyMs) this.#failures = 0
    this.#status = { name: this.#work.name, state: 'down', sinceMs: state === 'down' ? sinceMs : now, cause }
    if (state === 'down') return
    const what = state === 'open' ? `${this.#work.name} is lost` : `${this.#work.name} cannot be opened`
    logger.warn({ work: this.#work.name, cause: causeText(cause) }, `${what}: ${causeText(cause)}. It is tried again until it is open`)
  }

  #watch(): void {
    const { stallMs } = this.#work
    if (stallMs === undefined) return
    const { clock } = this.#options
    const restMs = stallMs - (clock.now() - this.#progressMs)
    this.#timer = clock.after(restMs, () => {
      if (clock.now() - this.#progressMs < stallMs) this.#watch()
      else this.#transition = this.#reopen(new Error(`no progress for ${stallMs} ms`))
    })
  }

  async #reopen(cause: Error): Promise<void> {
    const close = this.#take()
    this.#note(cause)
    if (close !== undefined) await this.#patiently(this.#end(close))
    if (this.#stopping === undefined) this.#again(cause)
  }

  async #end(close: Close): Promise<void> {
    try {
      await close()
    } catch (cause) {
      // It may be half dead, and there is nothing else to do for it.
      this.#options.logger.debug({ work: this.#work.name, cause: causeText(cause) }, `${this.#work.name} did not close cleanly`)
    }
  }

  #patiently(end: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(patienceMs, resolve)
      void end.then(() => {
        timer.cancel()
        resolve()
      })
    })
  }
}

function isFinal(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'retryable' in cause && cause.retryable === false
}
