/** What a run has shown: `neither` where it says nothing about what the gate watches. */
export type Shown = 'success' | 'failure' | 'neither'

/** A run that the gate let start; `end` takes it back. */
export interface Passage {
  readonly period: number
}

/**
 * Lets everything pass until so many runs in a row have failed. Then it is narrow: one start at a time, and between the
 * end of one and the start of the next a wait, until the first of those succeeds. Runs that began before the gate
 * changed say nothing about now. Has no timer: who asks says what time it is.
 */
export class FailureGate {
  readonly #failures: number
  readonly #waitMs: number
  /** Of starts between two changes; one object for all, so that a start costs nothing. */
  #passage: Passage = { period: 0 }
  #inARow = 0
  #narrow = false
  #occupied = false
  #dueAt = 0

  constructor(init: { readonly failures: number; readonly waitMs: number }) {
    this.#failures = init.failures
    this.#waitMs = init.waitMs
  }

  get isNarrow(): boolean {
    return this.#narrow
  }

  /** Rises with each change: equal numbers, same state without a break. */
  get period(): number {
    return this.#passage.period
  }

  /** Somebody passes the narrow gate now. */
  get isOccupied(): boolean {
    return this.#occupied
  }

  /** When the next may start; `undefined` where that depends on a run that has not ended, or on nothing. */
  get dueAt(): number | undefined {
    return this.#narrow && !this.#occupied ? this.#dueAt : undefined
  }

  /** `undefined`: not now. Each passage is ended, or given back. */
  start(now: number): Passage | undefined {
    if (this.#narrow) {
      // A clock that was put back must not make the wait longer than it is.
      this.#dueAt = Math.min(this.#dueAt, now + this.#waitMs)
      if (this.#occupied || now < this.#dueAt) return undefined
      this.#occupied = true
    }
    return this.#passage
  }

  end(passage: Passage, shown: Shown, now: number): 'narrowed' | 'widened' | undefined {
    if (passage !== this.#passage) return undefined
    if (!this.#narrow) return this.#count(shown, now)
    if (shown === 'success') return this.#change(now, 'widened')
    this.#occupied = false
    this.#dueAt = now + this.#waitMs
    return undefined
  }

  /** It did not start after all: the next may, at once. */
  giveBack(passage: Passage): void {
    if (passage === this.#passage) this.#occupied = false
  }

  /** Nothing comes that could show it: it lets everything pass, until it is shown again. */
  widen(now: number): void {
    this.#change(now, 'widened')
  }

  #count(shown: Shown, now: number): 'narrowed' | undefined {
    if (shown === 'success') this.#inARow = 0
    if (shown !== 'failure') return undefined
    this.#inARow += 1
    return this.#inARow < this.#failures ? undefined : this.#change(now, 'narrowed')
  }

  #change<To extends 'narrowed' | 'widened'>(now: number, to: To): To {
    this.#passage = { period: this.#passage.period + 1 }
    this.#inARow = 0
    this.#narrow = to === 'narrowed'
    this.#occupied = false
    this.#dueAt = now + this.#waitMs
    return to
  }
}
