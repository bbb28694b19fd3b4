import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, on, type Bus } from '../../src/index.js'
import { concurrencyLimit, standardPipeline, type ConcurrencyLimitOptions } from '../../src/middleware.js'
import { gate, Note, Place, Placed, world, type World } from '../support/service.js'

class Step extends Command('shop.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

/** Runs that a test ends. */
class Runs {
  readonly started: string[] = []
  most = 0
  #now = 0
  readonly #ends = new Map<string, () => void>()

  async run(id: string): Promise<void> {
    this.started.push(id)
    this.#now += 1
    this.most = Math.max(this.most, this.#now)
    const end = gate()
    this.#ends.set(id, end.open)
    await end.opened
    this.#now -= 1
  }
  end(id: string): void {
    this.#ends.get(id)?.()
  }
  endAll(): void {
    for (const id of this.started) this.end(id)
  }
}

const limited = async (w: World, options: ConcurrencyLimitOptions, concurrency = 10): Promise<{ readonly bus: Bus; readonly runs: Runs }> => {
  const runs = new Runs()
  const bus = await w.bus({ concurrency, pipeline: standardPipeline({ concurrencyLimit: options }), handlers: [handle(Note, ({ id }) => runs.run(id))] })
  return { bus, runs }
}

const sendAll = (bus: Bus, ids: readonly string[]): Promise<unknown> => Promise.all(ids.map((id) => bus.send(new Note({ id }))))
const customer = { key: (note: Note) => note.id.slice(0, 1) }

describe('a concurrency limit', () => {
  it('runs as many as it says, and next who has waited longest', async () => {
    const w = world()
    const { bus, runs } = await limited(w, { limit: 2 })
    await sendAll(bus, ['a', 'b', 'c', 'd'])
    await w.clock.settle()
    expect(runs.started).toEqual(['a', 'b'])
    runs.end('b')
    await w.clock.settle()
    expect(runs.started).toEqual(['a', 'b', 'c'])
    runs.end('a')
    await w.clock.settle()
    runs.endAll()
    await w.clock.settle()
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('holds for each key, and lets other keys start although its waiting would fill the concurrency', async () => {
    const w = world()
    const { bus, runs } = await limited(w, { limit: 1, ...customer }, 2)
    await sendAll(bus, ['a1', 'a2', 'a3', 'a4', 'b1'])
    await w.clock.settle()
    expect(runs.started).toEqual(['a1', 'b1'])
    runs.endAll()
    await w.clock.settle()
    expect(runs.started).toEqual(['a1', 'b1', 'a2'])
    for (let round = 0; round < 3; round += 1) {
      runs.endAll()
      await w.clock.settle()
    }
    expect(runs.most).toBe(2)
    expect(runs.started).toHaveLength(5)
  })

  it('is shared by handlers and endpoints that use one value', async () => {
    const w = world()
    const runs = new Runs()
    const shared = concurrencyLimit({ limit: 1 })
    const bus = await w.bus({
      handlers: [handle(Note, { use: [shared] }, ({ id }) => runs.run(id))],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, ({ id }) => runs.run(id))] } },
    })
    await sendAll(bus, ['n'])
    await bus.publish(new Placed({ id: 'p' }))
    await w.clock.settle()
    expect(runs.started).toEqual(['n'])
    runs.end('n')
    await w.clock.settle()
    expect(runs.started).toEqual(['n', 'p'])
    runs.endAll()
  })

  it('frees its place when a handler fails, and counts no failure of those that waited', async () => {
    const w = world()
    const attempts: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ concurrencyLimit: { limit: 1 } }),
      handlers: [
        handle(Note, { retry: { immediate: 1, delayed: [] } }, ({ id }, { attempt }) => {
          attempts.push(`${id} ${attempt}`)
          if (id === 'bad') throw new Error('always')
        }),
      ],
    })
    await sendAll(bus, ['bad', 'good'])
    await w.clock.settle()
    expect(attempts.toSorted()).toEqual(['bad 1', 'bad 2', 'good 1'])
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted' }])
  })

  it('keeps the order of a key on an ordered endpoint', async () => {
    const w = world()
    const runs = new Runs()
    const bus = await w.bus({
      pipeline: standardPipeline({ concurrencyLimit: { limit: 1 } }),
      handlers: [handle(Step, ({ key, n }) => runs.run(`${key}${n}`))],
    })
    for (const n of [1, 2, 3]) for (const key of ['a', 'b']) await bus.send(new Step({ key, n }))
    for (let round = 0; round < 6; round += 1) {
      await w.clock.settle()
      expect(runs.started).toHaveLength(round + 1)
      runs.endAll()
    }
    await w.clock.settle()
    expect(runs.started.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
    expect(runs.started.filter((id) => id.startsWith('b'))).toEqual(['b1', 'b2', 'b3'])
    expect(runs.most).toBe(1)
  })

  it('gives back on a stop what waits, and starts none of it', async () => {
    const w = world()
    const { bus, runs } = await limited(w, { limit: 1 })
    await sendAll(bus, ['a', 'b', 'c'])
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    expect(w.broker.depth('shop')).toMatchObject({ ready: 2, unsettled: 1 })
    runs.end('a')
    await w.clock.settle()
    expect(await stopped).toMatchObject({ unfinished: [] })
    expect(runs.started).toEqual(['a'])
    expect(w.broker.depth('shop')).toEqual({ ready: 2, unsettled: 0, delayed: 0 })
  })

  it('passes the turn on when its next one has lost its lock', async () => {
    const w = world()
    const { bus, runs } = await limited(w, { limit: 1 })
    await sendAll(bus, ['a', 'b'])
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(2_000)
    runs.endAll()
    await w.clock.settle()
    for (let round = 0; round < 4; round += 1) {
      runs.endAll()
      await w.clock.settle()
    }
    expect(runs.most).toBeLessThanOrEqual(2)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(new Set(runs.started)).toEqual(new Set(['a', 'b']))
  })

  it('passes the turn on when its next one loses its lock before it has a place', async () => {
    const w = world()
    const runs = new Runs()
    const long = gate()
    const shared = concurrencyLimit({ limit: 1 })
    const bus = await w.bus({
      concurrency: 1,
      handlers: [
        handle(Note, { use: [shared] }, ({ id }) => void runs.started.push(id)),
        handle(Place, async () => {
          await long.opened
          return { total: 0 }
        }),
      ],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, ({ id }) => runs.run(id))] } },
    })
    await bus.publish(new Placed({ id: 'p' }))
    await w.clock.settle()
    await sendAll(bus, ['a'])
    await w.clock.settle()
    await bus.send(new Place({ id: 'long' }))
    await w.clock.settle()
    runs.end('p')
    await w.clock.settle()
    expect(runs.started).toEqual(['p'])
    w.broker.cut()
    await w.clock.settle()
    long.open()
    await w.clock.advance(5_000)
    expect(runs.started).toEqual(['p', 'a'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('neither runs nor answers a request that waits longer than it lives', async () => {
    const w = world()
    const runs = new Runs()
    const counts = w.seen('count')
    const bus = await w.bus({
      pipeline: standardPipeline({ concurrencyLimit: { limit: 1 } }),
      handlers: [
        handle(Place, async ({ id }) => {
          await runs.run(id)
          return { total: 1 }
        }),
      ],
    })
    const outcomes = Promise.allSettled(['first', 'short'].map((id, index) => bus.request(new Place({ id }), { timeout: index === 0 ? '1m' : '3s' })))
    await w.clock.advance(5_000)
    runs.endAll()
    await w.clock.settle()
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(runs.started).toEqual(['first'])
    expect(counts.map(({ what }) => what)).toEqual(['expired-request'])
  })

  it('lets what it may hold no longer come back as a copy, with no attempt counted', async () => {
    const w = world()
    const attempts: number[] = []
    const first = gate()
    const bus = await w.bus({
      handlerTimeout: 'none',
      pipeline: standardPipeline({ concurrencyLimit: { limit: 1 } }),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }, { attempt }) => {
          attempts.push(attempt)
          if (id === 'a') await first.opened
        }),
      ],
    })
    await sendAll(bus, ['a', 'b', 'c'])
    await w.clock.advance(310_000)
    expect(w.broker.depth('shop')).toMatchObject({ unsettled: 3 })
    await w.clock.advance(600_000)
    first.open()
    await w.clock.advance(20_000)
    expect(attempts).toEqual([1, 1, 1])
    expect(w.deadLetters()).toEqual([])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('never runs more than its limit at once, and everything in the end, whatever comes, fails and stops', async () => {
    const message = fc.record({ afterMs: fc.nat(100), key: fc.constantFrom('a', 'b'), runsMs: fc.nat(300), fails: fc.boolean() })
    const limits = fc.record({ limit: fc.integer({ min: 1, max: 3 }), concurrency: fc.integer({ min: 1, max: 5 }) })
    await fc.assert(
      fc.asyncProperty(limits, fc.array(message, { minLength: 1, maxLength: 25 }), async ({ limit, concurrency }, messages) => {
        const w = world()
        const now = new Map<string, number>()
        const ended = new Set<number>()
        let most = 0
        const bus = await w.bus({
          concurrency,
          pipeline: standardPipeline({ concurrencyLimit: { limit, ...customer } }),
          handlers: [
            handle(Note, { retry: { immediate: 1, delayed: [] } }, async ({ id }, { attempt }) => {
              const key = id.slice(0, 1)
              const index = Number(id.slice(1))
              now.set(key, (now.get(key) ?? 0) + 1)
              most = Math.max(most, now.get(key) ?? 0)
              await new Promise<void>((resolve) => void w.clock.after(messages[index]?.runsMs ?? 0, resolve))
              now.set(key, (now.get(key) ?? 0) - 1)
              if (messages[index]?.fails === true && attempt === 1) throw new Error('once')
              ended.add(index)
            }),
          ],
        })
        for (const [index, { afterMs, key }] of messages.entries()) {
          await w.clock.advance(afterMs)
          await bus.send(new Note({ id: `${key}${index}` }))
        }
        await w.clock.advance(60_000)
        expect(most).toBeLessThanOrEqual(limit)
        expect(ended.size).toBe(messages.length)
        await bus.stop()
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    [{}, 'concurrencyLimit.limit must be an integer from 1 to 1000000, got undefined'],
    [{ limit: 1, key: 5 }, 'concurrencyLimit.key must be a function of the message and its context, got 5'],
    [{ limit: 1, lim: 2 }, 'concurrencyLimit.lim is no option'],
  ])('refuses %j', (options, text) => {
    expect(() => concurrencyLimit(options as never)).toThrow(text)
  })
})
