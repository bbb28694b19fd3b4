import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { crashAt, observe } from '../../src/runtime/index.js'
import { Dependency, Down, sendNotes } from '../support/dependency.js'
import { Note, Place, world } from '../support/service.js'

class Step extends Command('shop.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

const retry = { immediate: 2, delayed: ['10s', '1m'] } as const

describe('what waits for a circuit breaker to close', () => {
  it('lets a stop take back what waits, uncounted, for the next start', async () => {
    const w = world()
    const db = new Dependency(w)
    const options = {
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [handle(Note, { retry }, ({ id }, { attempt }) => db.call(id, attempt))],
    }
    const bus = await w.bus(options)
    await sendNotes(bus, 50)
    await w.clock.advance(7_000)
    const stopped = bus.stop()
    await w.clock.settle()
    expect(await stopped).toMatchObject({ unfinished: [] })
    expect(w.broker.depth('shop')).toEqual({ ready: 50, unsettled: 0, delayed: 0 })
    db.isDown = false
    await w.bus({ ...options, handlers: [handle(Note, { retry }, ({ id }, { attempt }) => db.call(id, attempt))] })
    await w.clock.settle()
    expect(db.calls.filter(({ ok }) => ok)).toHaveLength(50)
    expect(db.attempts).toEqual(new Set([1]))
  })

  it('gives back what waits when the connection is lost, and begins it again where it comes', async () => {
    const w = world()
    const db = new Dependency(w)
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [handle(Note, { retry }, ({ id }, { attempt }) => db.call(id, attempt))],
    })
    await sendNotes(bus, 20)
    await w.clock.advance(6_000)
    w.broker.cut()
    await w.clock.advance(30_000)
    db.isDown = false
    await w.clock.advance(30_000)
    expect(new Set(db.served).size).toBe(20)
    expect(db.attempts).toEqual(new Set([1]))
    expect(w.deadLetters()).toEqual([])
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
  })

  it('loses nothing when its process dies while it is open', async () => {
    const w = world()
    const db = new Dependency(w)
    const handlers = () => [handle(Note, { retry }, ({ id }: Note, { attempt }: { attempt: number }) => db.call(id, attempt))]
    const pipeline = standardPipeline({ circuitBreaker: { when: Down } })
    const bus = await w.bus({ pipeline, handlers: handlers() })
    await sendNotes(bus, 20)
    await w.clock.settle()
    crashAt('before-handler')
    await w.clock.advance(5_000)
    db.isDown = false
    await w.bus({ pipeline, handlers: handlers() })
    await w.clock.advance(10_000)
    expect(new Set(db.served).size).toBe(20)
    expect(w.deadLetters()).toEqual([])
  })

  it('neither runs nor answers a request that has expired before it closes', async () => {
    const w = world()
    const db = new Dependency(w)
    const counts = w.seen('count')
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down, failures: 1 } }),
      handlers: [
        handle(Place, ({ id }) => {
          db.call(id, 1)
          return { total: 1 }
        }),
      ],
    })
    const outcomes = Promise.allSettled([bus.request(new Place({ id: 'short' }), { timeout: '3s' }), bus.request(new Place({ id: 'long' }), { timeout: '1m' })])
    await w.clock.advance(8_000)
    db.isDown = false
    await w.clock.advance(60_000)
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'WAYBILL_REQUEST_TIMEOUT' } },
      { status: 'fulfilled', value: { total: 1 } },
    ])
    expect(db.served).toEqual(['long'])
    expect(counts.map(({ what }) => what).filter((what) => what.includes('request') || what.includes('reply'))).toEqual(['expired-request'])
  })

  it('keeps the order of a key on an ordered endpoint through an outage that is longer than a hold, and gives up one message in each', async () => {
    const w = world()
    const runs: string[] = []
    let isDown = true
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [
        handle(Step, ({ key, n }, { attempt }) => {
          if (isDown) throw new Down('connection refused')
          runs.push(`${key}${n} ${attempt}`)
        }),
      ],
    })
    for (const n of [1, 2, 3]) for (const key of ['a', 'b', 'c']) await bus.send(new Step({ key, n }))
    await w.clock.advance(290_000)
    expect(w.deadLetters()).toEqual([])
    await w.clock.advance(300_000)
    expect(w.deadLetters()).toMatchObject([{ reason: 'held-too-long' }])
    isDown = false
    await w.clock.advance(5_000)
    const givenUp = w.deadLetters().map(({ body }) => Object.values(JSON.parse(body) as object).join(''))
    for (const key of ['a', 'b', 'c']) {
      const expected = [1, 2, 3].map((n) => `${key}${n}`).filter((each) => !givenUp.includes(each))
      expect(runs.filter((run) => run.startsWith(key))).toEqual(expected.map((each) => `${each} 1`))
    }
  })

  it('lets what it may hold no longer come back as a copy, with no attempt counted', async () => {
    const w = world()
    const db = new Dependency(w)
    const sends = w.seen('send')
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [handle(Note, { retry }, ({ id }, { attempt }) => db.call(id, attempt))],
    })
    await sendNotes(bus, 30)
    await w.clock.advance(3_600_000)
    expect(sends.some(({ purpose }) => purpose === 'retry')).toBe(true)
    const outage = db.calls.length
    expect(outage).toBeLessThanOrEqual(10 + 3_600 / 5)
    db.isDown = false
    await w.clock.advance(600_000)
    expect(db.calls.filter(({ ok }) => ok)).toHaveLength(30)
    expect(db.attempts).toEqual(new Set([1]))
    expect(w.deadLetters()).toEqual([])
  })

  it('keeps no row of the inbox claimed while it waits, and runs each message once to its end', async () => {
    const w = world()
    const db = new Dependency(w)
    const inbox = memoryInbox()
    const bus = await w.bus({
      stores: { inbox },
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [handle(Note, { retry }, ({ id }, { attempt }) => db.call(id, attempt))],
    })
    await sendNotes(bus, 20)
    await w.clock.advance(12_000)
    expect(inbox.rows().filter(({ state }) => state === 'claimed')).toEqual([])
    db.isDown = false
    await w.clock.advance(10_000)
    expect(db.served).toHaveLength(20)
    expect(db.attempts).toEqual(new Set([1]))
    expect(inbox.rows().filter(({ state }) => state === 'done')).toHaveLength(20)
  })

  it('burns no attempt and loses nothing, with one start per probe, whatever the dependency does', async () => {
    const outage = fc.record({ afterMs: fc.integer({ min: 0, max: 20_000 }), forMs: fc.integer({ min: 1_000, max: 60_000 }) })
    const scene = fc.record({
      concurrency: fc.integer({ min: 1, max: 12 }),
      failures: fc.integer({ min: 1, max: 6 }),
      runsMs: fc.nat(3_000),
      every: fc.nat(700),
    })
    await fc.assert(
      fc.asyncProperty(scene, fc.array(outage, { minLength: 1, maxLength: 3 }), async ({ concurrency, failures, runsMs, every }, outages) => {
        const w = world()
        const db = new Dependency(w)
        db.isDown = false
        const open: { readonly from: number; to: number }[] = []
        const forget = observe('count', ({ what }) => {
          const now = w.clock.now()
          if (what === 'circuit-opened') open.push({ from: now, to: Infinity })
          const last = open.at(-1)
          if (what === 'circuit-closed' && last !== undefined) last.to = now
        })
        const starts: number[] = []
        const bus = await w.bus({
          concurrency,
          pipeline: standardPipeline({ circuitBreaker: { when: Down, failures } }),
          handlers: [
            handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }, { attempt }) => {
              starts.push(w.clock.now())
              await new Promise<void>((resolve) => void w.clock.after(runsMs, resolve))
              db.call(id, attempt)
            }),
          ],
        })
        let sent = 0
        const send = async (forMs: number): Promise<void> => {
          for (let passed = 0; passed < forMs; passed += 1_000) {
            for (let left = passed % Math.max(1, every) < 500 ? 2 : 1; left > 0; left -= 1) await bus.send(new Note({ id: `m${(sent += 1)}` }))
            await w.clock.advance(1_000)
          }
        }
        for (const { afterMs, forMs } of outages) {
          await send(afterMs)
          db.isDown = true
          await send(forMs)
          db.isDown = false
        }
        await w.clock.advance(3_600_000)
        forget()
        expect(new Set(db.served).size).toBe(sent)
        expect(db.attempts).toEqual(new Set(sent === 0 ? [] : [1]))
        expect(w.deadLetters()).toEqual([])
        for (const { from, to } of open) {
          const probes = starts.filter((at) => at > from && at < to)
          const gaps = probes.slice(1).map((at, index) => at - (probes[index] ?? 0))
          expect(gaps.filter((gap) => gap < 5_000)).toEqual([])
        }
        await bus.stop()
      }),
      { numRuns: 25 },
    )
  })
})
