/** How fast, and how many at once. */
export interface Rate {
  readonly permits: number
  readonly perMs: number
  readonly burst: number
}

/**
 * A token bucket as one number: the time at which it is full again. In any span of `perMs` at most `permits + burst`
 * are taken. Has no timer: who asks says what time it is.
 */
export class TokenBucket {
  readonly #intervalMs: number
  /** What may be missing at a take. */
  readonly #roomMs: number
  /** Times are kept from here: a small number has room for fractions of a millisecond. */
  readonly #since: number
  /** What an empty one takes to be full. */
  readonly #emptyMs: number
  #fullAt = 0

  constructor(rate: Rate, now: number) {
    this.#intervalMs = rate.perMs / rate.permits
    this.#roomMs = (rate.burst - 1) * this.#intervalMs
    this.#emptyMs = rate.burst * this.#intervalMs
    this.#since = now
  }

  /** In how many whole milliseconds the next may be taken; 0: now. */
  dueInMs(now: number): number {
    // Emptier than empty: the clock was put back, and must not make the wait longer.
    if (this.#fullAt - (now - this.#since) > this.#emptyMs + 1) this.#fullAt = now - this.#since + this.#emptyMs
    // A rounding error of the division is no reason to wait for a millisecond more.
    return Math.max(0, Math.ceil(this.#fullAt - this.#roomMs - (now - this.#since) - 1e-6))
  }

  /** Takes one if it may. */
  take(now: number): boolean {
    if (this.dueInMs(now) > 0) return false
    this.#fullAt = Math.max(this.#fullAt, now - this.#since) + this.#intervalMs
    return true
  }

  /** As good as a new one. */
  isFull(now: number): boolean {
    return this.#fullAt <= now - this.#since
  }
}
