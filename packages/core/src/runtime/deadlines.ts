import type { Clock } from '../contract/index.js'

/** One signal for all calls whose time ends together: a timer per send costs more than the send. */
export interface Deadline {
  readonly atMs: number
  readonly signal: AbortSignal
}

/** Why the signal of a deadline aborts. */
export const timeIsOver = new DOMException('The publish time-out is over', 'TimeoutError')

/**
 * Deadlines in steps: to the next full second for time-outs of five seconds and more, to the next 50 ms for shorter
 * ones. Later than asked by less than one step, never earlier.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #passed: (atMs: number) => void
  readonly #open = new Map<number, Step>()
  #latest: Step | undefined
  #timer: { cancel(): void } | undefined
  #timerAtMs = Infinity

  /** `passed` runs after the signals of what is over have aborted. */
  constructor(clock: Clock, passed: (atMs: number) => void) {
    this.#clock = clock
    this.#passed = passed
  }

  in(timeoutMs: number): Deadline {
    const stepMs = timeoutMs >= 5_000 ? 1_000 : 50
    const atMs = Math.ceil((this.#clock.now() + timeoutMs) / stepMs) * stepMs
    if (this.#latest?.atMs === atMs) return this.#latest
    let step = this.#open.get(atMs)
    if (step === undefined) {
      step = new Step(atMs)
      this.#open.set(atMs, step)
      if (atMs < this.#timerAtMs) this.#arm(atMs)
    }
    this.#latest = step
    return step
  }

  /** Aborts all signals. Nothing passes afterwards. */
  close(reason: unknown): void {
    this.#timer?.cancel()
    this.#timerAtMs = Infinity
    this.#latest = undefined
    for (const step of this.#open.values()) step.abort(reason)
    this.#open.clear()
  }

  #arm(atMs: number): void {
    this.#timer?.cancel()
    this.#timerAtMs = atMs
    this.#timer = this.#clock.after(atMs - this.#clock.now(), () => this.#pass())
  }

  #pass(): void {
    const now = this.#clock.now()
    let next = Infinity
    this.#timerAtMs = Infinity
    this.#latest = undefined
    for (const step of this.#open.values()) {
      if (step.atMs <= now) {
        this.#open.delete(step.atMs)
        step.abort(timeIsOver)
      } else next = Math.min(next, step.atMs)
    }
    if (next !== Infinity) this.#arm(next)
    this.#passed(now)
  }
}

class Step implements Deadline {
  readonly atMs: number
  #controller: AbortController | undefined

  constructor(atMs: number) {
    this.atMs = atMs
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason)
  }
}
