import { getMaxListeners, setMaxListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../runtime/virtual-clock.js'
import { Waits } from './waits.js'

describe('waits', () => {
  it('lets any number wait on one lock, without a warning of a leak', async () => {
    const waits = new Waits(virtualClock())
    const lost = new AbortController()
    // What Node 22 begins with.
    setMaxListeners(10, lost.signal)
    const all = Array.from({ length: 11 }, () => waits.wait(1_000, lost.signal))
    expect(getMaxListeners(lost.signal)).toBe(0)
    expect(getMaxListeners(waits.until(lost.signal))).toBe(0)
    lost.abort()
    expect(new Set(await Promise.all(all))).toEqual(new Set(['ended']))
  })
})
