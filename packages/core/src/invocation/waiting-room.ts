import type { Clock } from '../contract/index.js'
import type { StepEndpoint } from './step-endpoint.js'

/** How a wait has ended: by its turn, by a lost lock or a stop, or because it was too long. */
export type WaitEnd = 'turn' | 'ended' | 'too-long'

/** One who waits; in one line at a time. */
export class Place {
  /** Gives it its turn and takes it out of its line. */
  call: () => void = ignored
}

const ignored = (): void => undefined

export interface Wait {
  readonly line: Set<Place>
  readonly waits: StepEndpoint['waits']
  readonly lost: AbortSignal
  /** Until when it may wait; Infinity: as long as it takes. */
  readonly untilMs: number
}

interface Waiter {
  readonly untilMs: number
  readonly end: (how: WaitEnd) => void
}

/** Where deliveries wait for their turn: one timer for all who may wait until a time. */
export class WaitingRoom {
  readonly #clock: Clock
  readonly #waiters = new Set<Waiter>()
  #timer: { cancel(): void } | undefined
  #timerAtMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** At the end of the line. Never rejects; afterwards the place is in no line. */
  wait(place: Place, { line, waits, lost, untilMs }: Wait): Promise<WaitEnd> {
    const ended = waits.until(lost)
    if (ended.aborted) return Promise.resolve('ended')
    return new Promise((resolve) => {
      const end = (how: WaitEnd): void => {
        if (!this.#waiters.delete(waiter)) return
        line.delete(place)
        ended.removeEventListener('abort', give)
        if (this.#waiters.size === 0) this.#disarm()
        resolve(how)
      }
      const give = (): void => end('ended')
      const waiter: Waiter = { untilMs, end }
      this.#waiters.add(waiter)
      line.add(place)
      place.call = () => end('turn')
      ended.addEventListener('abort', give, { once: true })
      if (untilMs < this.#timerAtMs) this.#arm(untilMs)
    })
  }

  #arm(atMs: number): void {
    this.#timer?.cancel()
    this.#timerAtMs = atMs
    this.#timer = this.#clock.after(atMs - this.#clock.now(), () => this.#sweep())
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }

  #sweep(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const { untilMs, end } of this.#waiters) {
      if (untilMs <= now) end('too-long')
      else next = Math.min(next, untilMs)
    }
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next)
  }
}
