import type { Clock } from '../contract/index.js'

/** Waits end in steps, later by less than one, so that a thousand of them share a few timers. */
const stepMs = 50

/** What waits for its next attempt. One timer for all. */
export class Retries<T> {
  readonly #clock: Clock
  readonly #due: (item: T) => void
  readonly #steps = new Map<number, T[]>()
  #timer: { cancel(): void } | undefined
  #timerAtMs = Infinity

  constructor(clock: Clock, due: (item: T) => void) {
    this.#clock = clock
    this.#due = due
  }

  add(item: T, waitMs: number): void {
    const atMs = Math.ceil((this.#clock.now() + waitMs) / stepMs) * stepMs
    const step = this.#steps.get(atMs)
    if (step === undefined) this.#steps.set(atMs, [item])
    else step.push(item)
    if (atMs < this.#timerAtMs) this.#arm(atMs)
  }

  close(): void {
    this.#timer?.cancel()
    this.#steps.clear()
  }

  #arm(atMs: number): void {
    this.#timer?.cancel()
    this.#timerAtMs = atMs
    this.#timer = this.#clock.after(atMs - this.#clock.now(), () => this.#pass())
  }

  #pass(): void {
    const now = this.#clock.now()
    const over = [...this.#steps.keys()].filter((atMs) => atMs <= now).toSorted((a, b) => a - b)
    this.#timerAtMs = Infinity
    for (const atMs of over) {
      const items = this.#steps.get(atMs) ?? []
      this.#steps.delete(atMs)
      for (const item of items) this.#due(item)
    }
    const next = Math.min(...this.#steps.keys())
    if (next !== Infinity && next < this.#timerAtMs) this.#arm(next)
  }
}
