import fc from 'fast-check'
import { expect, test } from 'vitest'
import { virtualClock } from '../runtime/virtual-clock.js'
import { DueTimes } from './due-times.js'

test('gives every item at its time, equal times in the order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 }), async (delays) => {
      const clock = virtualClock(0)
      const due: [number, number][] = []
      const times = new DueTimes<number>((index) => due.push([clock.now(), index]))
      times.use(clock)
      delays.forEach((delay, index) => times.add(index, delay))
      expect(clock.waiting.count).toBe(delays.length === 0 ? 0 : 1)
      const expected = delays.map((delay, index) => [delay, index] as const).toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
      expect(times.list()).toEqual(expected.map(([, index]) => index))
      await clock.advance(31)
      expect(due).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test('sets one timer for the earliest, however many wait', async () => {
  const clock = virtualClock(0)
  const due: string[] = []
  const times = new DueTimes<string>((item) => due.push(item))
  times.use(clock)
  times.add('late', 500)
  times.add('early', 100)
  times.add('middle', 300)
  expect(clock.waiting).toEqual({ count: 1, next: 100 })
  await clock.advance(100)
  expect([due, clock.waiting]).toEqual([['early'], { count: 1, next: 300 }])
})

test('waits again when its timer comes too early', () => {
  let now = 0
  const timers: (() => void)[] = []
  const due: string[] = []
  const times = new DueTimes<string>((item) => due.push(item))
  times.use({ now: () => now, after: (_, run) => (timers.push(run), { cancel: () => undefined }) })
  times.add('item', 100)
  now = 99
  timers.shift()?.()
  expect([due, timers.length]).toEqual([[], 1])
  now = 100
  timers.shift()?.()
  expect(due).toEqual(['item'])
})

test('keeps what came before there was a clock', async () => {
  const clock = virtualClock(0)
  const due: string[] = []
  const times = new DueTimes<string>((item) => due.push(item))
  times.add('item', 10)
  times.use(clock)
  await clock.advance(10)
  expect(due).toEqual(['item'])
})
