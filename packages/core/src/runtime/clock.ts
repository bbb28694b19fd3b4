import type { Clock } from '../contract/index.js'

/** A timer's longest delay in Node; longer ones fire at once. */
const longestTimer = 2 ** 31 - 1

/** The machine's time. Its timers do not keep the process alive; a started bus does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    let timer: NodeJS.Timeout
    const wait = (rest: number): void => {
      timer = rest > longestTimer ? setTimeout(wait, longestTimer, rest - longestTimer) : setTimeout(run, Math.max(0, rest))
      timer.unref()
    }
    wait(ms)
    return { cancel: () => clearTimeout(timer) }
  },
}
