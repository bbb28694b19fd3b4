import type { PlaceTime } from '../harness/harness.js'

interface Wait {
  readonly isReady: () => boolean | Promise<boolean>
  readonly until: number
  readonly end: (ready: boolean) => void
  readonly fail: (error: unknown) => void
}

const pollMs = 10
const { setTimeout, clearTimeout, setImmediate } = globalThis

/**
 * Waits in the place's time. Virtual time moves only while somebody waits here, from one timer to the next and not past
 * the moment at which a wait is over: what the waiter does then happens at that moment.
 */
export class Pacer {
  readonly #place: PlaceTime
  readonly #waits = new Set<Wait>()
  #pumping = false
  #working = 0
  #ended = false

  constructor(place: PlaceTime) {
    this.#place = place
  }

  now(): number {
    return this.#place.clock.now()
  }

  /** True as soon as it is ready, false when the time is over. */
  wait(ms: number, isReady: Wait['isReady']): Promise<boolean> {
    return this.#place.time === 'virtual' ? this.#enlist(ms, isReady) : this.#poll(ms, isReady)
  }

  /** Whether the promise settles in time. */
  async settles(ms: number, promise: Promise<unknown>): Promise<boolean> {
    let settled = false
    const settling = promise.then(
      () => void (settled = true),
      () => void (settled = true),
    )
    if (this.#place.time === 'virtual') return this.wait(ms, () => settled)
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)))
    await Promise.race([settling, over])
    clearTimeout(timer)
    return settled
  }

  /** Work that takes turns of the event loop and no time: virtual time stands still meanwhile. */
  async turns(count: number): Promise<void> {
    this.#working += 1
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => void setImmediate(resolve))
    this.#working -= 1
  }

  /** Nobody waits any more. */
  end(): void {
    this.#ended = true
  }

  async #poll(ms: number, isReady: Wait['isReady']): Promise<boolean> {
    const until = this.now() + ms
    for (;;) {
      if (await isReady()) return true
      const left = until - this.now()
      if (left <= 0 || this.#ended) return false
      await new Promise((resolve) => void setTimeout(resolve, Math.min(pollMs, left)))
    }
  }

  #enlist(ms: number, isReady: Wait['isReady']): Promise<boolean> {
    return new Promise((end, fail) => {
      this.#waits.add({ isReady, until: this.now() + ms, end, fail })
      if (!this.#pumping) void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    if (this.#place.time !== 'virtual') return
    const { clock } = this.#place
    this.#pumping = true
    while (this.#waits.size > 0 && !this.#ended) {
      do await clock.settle()
      while (this.#working > 0)
      if (await this.#answer()) continue
      const next = Math.min(clock.waiting.next ?? Number.POSITIVE_INFINITY, ...[...this.#waits].map(({ until }) => until))
      await clock.advance(Math.max(0, next - clock.now()))
    }
    this.#pumping = false
  }

  /** Whether anybody was answered: then it goes first, before time moves on. */
  async #answer(): Promise<boolean> {
    let answered = false
    for (const wait of this.#waits) {
      try {
        const ready = await wait.isReady()
        if (!ready && this.now() < wait.until) continue
        wait.end(ready)
      } catch (error) {
        wait.fail(error)
      }
      this.#waits.delete(wait)
      answered = true
    }
    return answered
  }
}
