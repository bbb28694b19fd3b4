import { setMaxListeners } from 'node:events'
import type { Clock } from '../contract/index.js'

/** Waits that losing the lock or stopping the bus ends. */
export class Waits {
  readonly #clock: Clock
  readonly #open = new Set<() => void>()
  readonly #stop = new AbortController()
  /** By the lock: one serves many deliveries. */
  readonly #until = new WeakMap<AbortSignal, AbortSignal>()
  #ended = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `due` after `ms`, or `ended` before. Never rejects. */
  wait(ms: number, lost: AbortSignal): Promise<'due' | 'ended'> {
    if (this.#ended || lost.aborted) return Promise.resolve('ended')
    return new Promise((resolve) => {
      const finish = (how: 'due' | 'ended'): void => {
        timer.cancel()
        lost.removeEventListener('abort', end)
        this.#open.delete(end)
        resolve(how)
      }
      const end = (): void => finish('ended')
      const timer = this.#clock.after(ms, () => finish('due'))
      // Deliveries of one connection share it, and Node 22 takes the eleventh listener for a leak.
      setMaxListeners(0, lost)
      lost.addEventListener('abort', end, { once: true })
      this.#open.add(end)
    })
  }

  /** Aborts when the lock is lost or all waits end. */
  until(lost: AbortSignal): AbortSignal {
    let ended = this.#until.get(lost)
    if (ended === undefined) {
      ended = AbortSignal.any([lost, this.#stop.signal])
      setMaxListeners(0, ended)
      this.#until.set(lost, ended)
    }
    return ended
  }

  endAll(): void {
    this.#ended = true
    this.#stop.abort()
    for (const end of [...this.#open]) end()
  }
}
