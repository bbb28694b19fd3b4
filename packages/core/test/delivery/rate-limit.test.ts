import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, on, type Bus } from '../../src/index.js'
import { rateLimit, standardPipeline, type RateLimitOptions } from '../../src/middleware.js'
import { gate, Note, Place, Placed, world, type World } from '../support/service.js'

class Step extends Command('shop.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

interface Start {
  readonly id: string
  readonly at: number
}

/** A bus whose handler notes when it starts. */
async function limited(w: World, options: RateLimitOptions): Promise<{ readonly bus: Bus; readonly starts: Start[] }> {
  const starts: Start[] = []
  const from = w.clock.now()
  const bus = await w.bus({
    pipeline: standardPipeline({ rateLimit: options }),
    handlers: [handle(Note, ({ id }) => void starts.push({ id, at: w.clock.now() - from }))],
  })
  return { bus, starts }
}

const sendAll = (bus: Bus, ids: readonly string[]): Promise<unknown> => Promise.all(ids.map((id) => bus.send(new Note({ id }))))
const ids = (count: number, prefix = 'm'): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`)
const customer = { key: (note: Note) => note.id.slice(0, 1) }

describe('a rate limit', () => {
  it('starts no more than its permits, in the order of arrival, and counts no failure', async () => {
    const w = world()
    const { bus, starts } = await limited(w, { permits: 10, per: '1s', burst: 1 })
    await sendAll(bus, ids(30))
    await w.clock.advance(2_900)
    expect(starts.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, index) => index * 100))
    expect(starts.map(({ id }) => id)).toEqual(ids(30))
    expect(w.log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('lets a burst of its permits start at once, if nothing else is said', async () => {
    const w = world()
    const { bus, starts } = await limited(w, { permits: 10, per: '1s' })
    await sendAll(bus, ids(12))
    await w.clock.advance(200)
    expect(starts.map(({ at }) => at)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 200])
  })

  it('holds for each key, and lets others start beside it although concurrency is one', async () => {
    const w = world()
    const starts: string[] = []
    const bus = await w.bus({
      concurrency: 1,
      pipeline: standardPipeline({ rateLimit: { permits: 1, per: '1s', ...customer } }),
      handlers: [handle(Note, ({ id }) => void starts.push(id))],
    })
    await sendAll(bus, [...ids(5, 'a'), ...ids(2, 'b')])
    await w.clock.settle()
    expect(starts).toEqual(['a0', 'b0'])
    await w.clock.advance(1_000)
    expect(starts.toSorted()).toEqual(['a0', 'a1', 'b0', 'b1'])
  })

  it('gives keys beyond the most one limit together, and keeps none that is idle', async () => {
    const w = world()
    const { bus, starts } = await limited(w, { permits: 1, per: '1s', mostKeys: 2, ...customer })
    await sendAll(bus, ['a1', 'b1', 'c1', 'd1'])
    await w.clock.settle()
    expect(starts.map(({ id }) => id)).toEqual(['a1', 'b1', 'c1'])
    await w.clock.advance(1_000)
    expect(starts.map(({ id }) => id)).toEqual(['a1', 'b1', 'c1', 'd1'])
    await w.clock.advance(5_000)
    await sendAll(bus, ['e1', 'f1', 'g1'])
    await w.clock.settle()
    expect(starts.map(({ id }) => id).slice(4)).toEqual(['e1', 'f1', 'g1'])
  })

  it('is shared by all that use one value', async () => {
    const w = world()
    const starts: string[] = []
    const shared = rateLimit({ permits: 2, per: '1s', burst: 1 })
    const bus = await w.bus({
      handlers: [handle(Note, { use: [shared] }, ({ id }) => void starts.push(id))],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, ({ id }) => void starts.push(id))] } },
    })
    await sendAll(bus, ['n'])
    await bus.publish(new Placed({ id: 'p' }))
    await w.clock.settle()
    expect(starts).toEqual(['n'])
    await w.clock.advance(500)
    expect(starts).toEqual(['n', 'p'])
  })

  it('keeps the token for whose turn it is, although he has no place yet', async () => {
    const w = world()
    const from = w.clock.now()
    const starts: string[] = []
    const long = gate()
    const shared = rateLimit({ permits: 1, per: '1s' })
    const start = (id: string): void => void starts.push(`${id} ${w.clock.now() - from}`)
    const bus = await w.bus({
      concurrency: 1,
      handlers: [
        handle(Note, { use: [shared] }, ({ id }) => start(id)),
        handle(Place, async () => {
          await long.opened
          return { total: 0 }
        }),
      ],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, ({ id }) => start(id))] } },
    })
    await sendAll(bus, ['a', 'b'])
    await w.clock.settle()
    await bus.send(new Place({ id: 'long' }))
    await w.clock.advance(1_500)
    await bus.publish(new Placed({ id: 'c' }))
    await w.clock.advance(500)
    long.open()
    await w.clock.advance(2_000)
    expect(starts).toEqual(['a 0', 'b 2000', 'c 3000'])
  })

  it('limits each attempt', async () => {
    const w = world()
    const at: number[] = []
    const from = w.clock.now()
    const bus = await w.bus({
      pipeline: standardPipeline({ rateLimit: { permits: 1, per: '1s' } }),
      handlers: [
        handle(Note, { retry: { immediate: 2, delayed: [] } }, () => {
          at.push(w.clock.now() - from)
          throw new Error('always')
        }),
      ],
    })
    await sendAll(bus, ['a'])
    await w.clock.advance(5_000)
    expect(at).toEqual([0, 1_000, 2_000])
  })

  it('keeps the order of a key on an ordered endpoint, however long the head waits', async () => {
    const w = world()
    const starts: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ rateLimit: { permits: 1, per: '4m' } }),
      handlers: [handle(Step, ({ key, n }) => void starts.push(`${key}${n}`))],
    })
    for (const n of [1, 2, 3]) for (const key of ['a', 'b']) await bus.send(new Step({ key, n }))
    await w.clock.advance(30 * 60_000)
    expect(starts.filter((each) => each.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
    expect(starts.filter((each) => each.startsWith('b'))).toEqual(['b1', 'b2', 'b3'])
    expect(w.deadLetters()).toEqual([])
  })

  it('lets what it may hold no longer come back as a copy, with no attempt counted', async () => {
    const w = world()
    const attempts: number[] = []
    const copies = w.seen('send')
    const bus = await w.bus({
      pipeline: standardPipeline({ rateLimit: { permits: 1, per: '4m' } }),
      handlers: [handle(Note, { retry: { immediate: 0, delayed: [] } }, (_, { attempt }) => void attempts.push(attempt))],
    })
    await sendAll(bus, ids(4))
    await w.clock.advance(3_600_000)
    expect(copies.filter(({ purpose }) => purpose === 'retry').length).toBeGreaterThan(0)
    expect(attempts).toEqual([1, 1, 1, 1])
    expect(w.deadLetters()).toEqual([])
  })

  it('gives back on a stop what waits, and on a lost lock', async () => {
    const w = world()
    const { bus, starts } = await limited(w, { permits: 1, per: '1m' })
    await sendAll(bus, ids(20))
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(2_000)
    expect(w.broker.depth('shop')).toMatchObject({ ready: 0, unsettled: 19 })
    const stopped = bus.stop()
    await w.clock.settle()
    expect(await stopped).toMatchObject({ unfinished: [] })
    expect(starts).toHaveLength(1)
    expect(w.broker.depth('shop')).toEqual({ ready: 19, unsettled: 0, delayed: 0 })
  })

  it('neither runs nor answers a request that waits longer than it lives', async () => {
    const w = world()
    const counts = w.seen('count')
    const runs: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ rateLimit: { permits: 1, per: '10s' } }),
      handlers: [
        handle(Place, ({ id }) => {
          runs.push(id)
          return { total: 1 }
        }),
      ],
    })
    const outcomes = Promise.allSettled([
      bus.request(new Place({ id: 'first' }), { timeout: '1m' }),
      bus.request(new Place({ id: 'short' }), { timeout: '3s' }),
      bus.request(new Place({ id: 'long' }), { timeout: '1m' }),
    ])
    await w.clock.advance(60_000)
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(runs).toEqual(['first', 'long'])
    expect(counts.map(({ what }) => what)).toEqual(['expired-request'])
  })

  it('makes what else expires a dead letter', async () => {
    const w = world()
    const { bus, starts } = await limited(w, { permits: 1, per: '1m' })
    await bus.send(new Note({ id: 'first' }))
    await bus.send(new Note({ id: 'late' }), { expiresIn: '10s' })
    await w.clock.advance(60_000)
    expect(starts.map(({ id }) => id)).toEqual(['first'])
    expect(w.deadLetters()).toMatchObject([{ reason: 'expired' }])
  })

  it('takes a key that is no text for a mistake, and the message stays', async () => {
    const w = world()
    const { bus } = await limited(w, { permits: 1, per: '1m', key: () => 7 as never })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.advance(3_600_000)
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted' }])
    expect(w.log.some(({ fields }) => String(fields['error']).includes('got 7 from its key'))).toBe(true)
  })

  it('never starts more than its permits and one burst in any span, and everything in the end, whatever runs and comes', async () => {
    const arrival = fc.record({ afterMs: fc.nat(400), key: fc.constantFrom('a', 'b'), runsMs: fc.nat(500) })
    const rate = fc.record({
      permits: fc.integer({ min: 1, max: 6 }),
      perMs: fc.integer({ min: 100, max: 2_000 }),
      burst: fc.integer({ min: 1, max: 6 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(rate, fc.array(arrival, { minLength: 1, maxLength: 25 }), async ({ permits, perMs, burst, concurrency }, arrivals) => {
        const w = world()
        const starts: { readonly key: string; readonly at: number }[] = []
        const bus = await w.bus({
          concurrency,
          pipeline: standardPipeline({ rateLimit: { permits, per: `${perMs}ms`, burst, ...customer } }),
          handlers: [
            handle(Note, ({ id }) => {
              starts.push({ key: id.slice(0, 1), at: w.clock.now() })
              return new Promise<void>((resolve) => void w.clock.after(Number(id.slice(1)), resolve))
            }),
          ],
        })
        for (const { afterMs, key, runsMs } of arrivals) {
          await w.clock.advance(afterMs)
          await bus.send(new Note({ id: `${key}${runsMs}` }))
        }
        await w.clock.advance(200_000)
        expect(starts).toHaveLength(arrivals.length)
        for (const key of ['a', 'b']) {
          const at = starts.filter((start) => start.key === key).map((start) => start.at)
          for (const [index, from] of at.entries()) expect(at.slice(index).filter((each) => each < from + perMs).length).toBeLessThanOrEqual(permits + burst)
        }
        await bus.stop()
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    [{ per: '1s' }, 'rateLimit.permits must be an integer from 1 to 1000000, got undefined'],
    [{ permits: 1, per: '0ms' }, 'rateLimit.per must be a duration of at least a millisecond'],
    [{ permits: 1, per: '1s', key: 'tenant' }, 'rateLimit.key must be a function of the message and its context, got "tenant"'],
    [{ permits: 1, per: '1s', burst: 0, mostKeys: 0 }, '2 problems'],
  ])('refuses %j', (options, text) => {
    expect(() => rateLimit(options as never)).toThrow(text)
  })
})
