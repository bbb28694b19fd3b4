import type { Clock } from '../contract/index.js'

/** Waits that losing the lock or stopping the bus ends. */
export class Waits {
  readonly #clock: Clock
  readonly #open = new Set<() => void>()
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
      lost.addEventListener('abort', end, { once: true })
      this.#open.add(end)
    })
  }

  endAll(): void {
    this.#ended = true
    for (const end of [...this.#open]) end()
  }
}
