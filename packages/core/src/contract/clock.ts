/** Time and timers. Everything in Waybill that waits, waits on one, so that tests need no sleep. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Runs `run` once, `ms` from now, any length. Does not keep the process alive by itself. */
  after(ms: number, run: () => void): { cancel(): void }
}
