import type { Clock } from '../contract/index.js'

// Taken when the module loads: a test may fake it afterwards.
const { setImmediate } = globalThis

interface Timer {
  readonly due: number
  readonly order: number
  readonly run: () => void
}

/** Time that moves only when told: for tests. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`, running what falls due in order of its time; what a timer starts settles before the next one runs. */
  advance(ms: number): Promise<void>
  /** Lets everything that needs no time settle. */
  settle(): Promise<void>
  /** How many timers wait, and when the first is due. */
  readonly waiting: { readonly count: number; readonly next: number | undefined }
}

/** A clock that stands still until `advance`. @default start: 2026-01-01T00:00:00Z */
export function virtualClock(start: number = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = new Set<Timer>()
  let time = start
  let order = 0
  const first = (): Timer | undefined => {
    let least: Timer | undefined
    for (const timer of timers) if (least === undefined || timer.due < least.due || (timer.due === least.due && timer.order < least.order)) least = timer
    return least
  }
  const settle = async (): Promise<void> => {
    // Two turns of the loop: a turn runs every microtask and tick that is ready, and what it posts runs in the next.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => void setImmediate(resolve))
  }
  return {
    now: () => time,
    after(ms, run) {
      const timer: Timer = { due: time + Math.max(0, ms), order: (order += 1), run }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
    async advance(ms) {
      const until = time + ms
      await settle()
      for (let timer = first(); timer !== undefined && timer.due <= until; timer = first()) {
        time = Math.max(time, timer.due)
        timers.delete(timer)
        timer.run()
        await settle()
      }
      time = until
      await settle()
    },
    settle,
    get waiting() {
      return { count: timers.size, next: first()?.due }
    },
  }
}
