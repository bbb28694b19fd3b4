import type { Clock } from '../contract/index.js'

/** The promise, or a rejection with `late()` when it takes longer than `ms`. What it does goes on. */
export function within<T>(promise: Promise<T>, limit: { readonly clock: Clock; readonly ms: number; readonly late: () => Error }): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = limit.clock.after(limit.ms, () => reject(limit.late()))
    promise.then(resolve, reject).finally(() => timer.cancel())
  })
}
