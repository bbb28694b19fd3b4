// Taken when the module loads: a test may fake them afterwards.
const { setImmediate, setTimeout, clearTimeout } = globalThis
const clock = globalThis.performance

/** The machine's milliseconds, from any beginning. */
export const realNow = (): number => clock.now()

/** One turn of the event loop: all that is ready has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** Runs `run` after `ms` of the machine's time; returns what prevents it. */
export function realTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
