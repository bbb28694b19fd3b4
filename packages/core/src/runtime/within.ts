import type { Clock } from '../contract/index.js'
import { abortReason } from './abort-reason.js'

export interface Limit {
  readonly clock: Clock
  readonly ms: number
  readonly late: () => Error
  readonly signal?: AbortSignal | undefined
  readonly aborted?: (signal: AbortSignal) => Error
}

/** The promise, or a rejection: with `late()` when it takes longer than `ms`, with `aborted()` when the signal aborts. What it does goes on. */
export function within<T>(promise: Promise<T>, { clock, ms, late, signal, aborted = abortReason }: Limit): Promise<T> {
  const { promise: limited, resolve, reject } = Promise.withResolvers<T>()
  const abort = (): void => {
    if (signal !== undefined) fail(aborted(signal))
  }
  signal?.addEventListener('abort', abort, { once: true })
  const timer = clock.after(ms, () => fail(late()))
  // It may never end: what waits for it must not stay.
  const over = (): void => {
    timer.cancel()
    signal?.removeEventListener('abort', abort)
  }
  const fail = (error: unknown): void => {
    over()
    reject(error)
  }
  if (signal?.aborted === true) abort()
  promise.then((value) => {
    over()
    resolve(value)
  }, fail)
  return limited
}
