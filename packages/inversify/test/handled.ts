import { observe } from '@waybill/core/runtime'

/** Resolves when so many handlers have ended from now on, each for the last time on its message. */
export function handled(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let ended = 0
  const stop = observe('handled', () => {
    ended += 1
    if (ended < count) return
    stop()
    resolve()
  })
  return promise
}
