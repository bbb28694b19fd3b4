import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle } from '../../src/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { crashAt } from '../../src/runtime/index.js'
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
})
