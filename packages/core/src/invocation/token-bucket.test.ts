import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket, type Rate } from './token-bucket.js'

/** How many it gives at once. */
function drain(bucket: TokenBucket, now: number): number {
  let taken = 0
  while (bucket.take(now)) taken += 1
  return taken
}

describe('a token bucket', () => {
  it('gives its burst at once, then one per interval', () => {
    const bucket = new TokenBucket({ permits: 10, perMs: 1_000, burst: 4 }, 5_000)
    expect(drain(bucket, 5_000)).toBe(4)
    expect(bucket.dueInMs(5_000)).toBe(100)
    expect(drain(bucket, 5_099)).toBe(0)
    expect(drain(bucket, 5_100)).toBe(1)
    expect(drain(bucket, 5_350)).toBe(2)
    expect(drain(bucket, 5_400)).toBe(1)
  })

  it('makes nobody wait longer when the clock is put back, and gives nothing twice', () => {
    const bucket = new TokenBucket({ permits: 10, perMs: 1_000, burst: 4 }, 5_000)
    drain(bucket, 500_000)
    expect(drain(bucket, 1_000)).toBe(0)
    expect(bucket.dueInMs(1_000)).toBe(100)
    expect(drain(bucket, 1_100)).toBe(1)
    expect(drain(bucket, 1_400)).toBe(3)
    expect(bucket.isFull(1_799)).toBe(false)
    expect(bucket.isFull(1_800)).toBe(true)
  })

  it('fills up to its burst and no further', () => {
    const bucket = new TokenBucket({ permits: 10, perMs: 1_000, burst: 4 }, 0)
    drain(bucket, 0)
    expect(bucket.isFull(399)).toBe(false)
    expect(bucket.isFull(400)).toBe(true)
    expect(drain(bucket, 86_400_000)).toBe(4)
  })

  it('keeps its rate where the interval is a fraction of a millisecond, at the time of day', () => {
    const start = Date.UTC(2026, 0, 1)
    const bucket = new TokenBucket({ permits: 3_000, perMs: 1_000, burst: 3 }, start)
    let taken = 0
    for (let ms = 0; ms < 3_000; ms += 1) taken += drain(bucket, start + ms)
    expect(taken).toBeGreaterThanOrEqual(8_997)
    expect(taken).toBeLessThanOrEqual(9_003)
  })

  it('gives in any span at most its permits and one burst, and all that it promises to who waits', () => {
    const rate = fc.record({ permits: fc.integer({ min: 1, max: 50 }), perMs: fc.integer({ min: 1, max: 5_000 }), burst: fc.integer({ min: 1, max: 60 }) })
    fc.assert(
      fc.property(rate, fc.array(fc.nat(900), { maxLength: 150 }), (r: Rate, gaps) => {
        const bucket = new TokenBucket(r, 0)
        const taken: number[] = []
        let now = 0
        for (const gap of gaps) {
          now += gap
          const due = bucket.dueInMs(now)
          expect(due > 0 && bucket.take(now)).toBe(false)
          // Who waits as long as he was told is not sent away again.
          now += due
          expect(bucket.take(now)).toBe(true)
          taken.push(now)
        }
        taken.forEach((from, index) => {
          const inSpan = taken.slice(index).filter((at) => at < from + r.perMs).length
          expect(inSpan).toBeLessThanOrEqual(r.permits + r.burst)
        })
      }),
      { numRuns: 2_000 },
    )
  })
})
