import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, on } from '../../src/index.js'
import { circuitBreaker, slowDown, standardPipeline } from '../../src/middleware.js'
import { Dependency, sendNotes } from '../support/dependency.js'
import { Note, Placed, world } from '../support/service.js'

class Step extends Command('shop.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

const retry = { immediate: 2, delayed: ['10s', '1m'] } as const

describe('slow-down', () => {
  it('costs a few messages their attempts in an outage, and not the whole backlog', async () => {
    const w = world()
    const db = new Dependency(w)
    const bus = await w.bus({ pipeline: standardPipeline({ slowDown: true }), handlers: [handle(Note, { retry }, ({ id }) => db.call(id))] })
    const start = w.clock.now()
    await sendNotes(bus, 500)
    await w.clock.settle()
    expect(bus.health()).toMatchObject({ status: 'degraded', endpoints: [{ paused: ['slow-down'] }] })
    const atFirst = db.calls.length
    expect(atFirst).toBeLessThanOrEqual(20)
    await w.clock.advance(60_000)
    const slow = db.calls.slice(atFirst)
    expect(slow.map(({ at }) => at - start)).toEqual(Array.from({ length: 60 }, (_, second) => (second + 1) * 1_000))
    expect(w.deadLetters()).toEqual([])
    db.isDown = false
    await w.clock.advance(120_000)
    expect(new Set(db.served).size).toBe(500)
    expect(w.deadLetters()).toEqual([])
    expect(bus.health()).toMatchObject({ status: 'ok', endpoints: [{ paused: [] }] })
    expect(w.log.filter(({ message }) => message.includes('slows down'))).toHaveLength(1)
    expect(w.log.filter(({ level, fields }) => level === 'info' && fields['slowMs'] === 61_000)).toHaveLength(1)
  })

  it('stays away from an endpoint on which some succeed', async () => {
    const w = world()
    let runs = 0
    const bus = await w.bus({
      pipeline: standardPipeline({ slowDown: { after: 3 } }),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, () => {
          runs += 1
          if (runs % 3 !== 0) throw new Error('two of three')
        }),
      ],
    })
    await sendNotes(bus, 300)
    await w.clock.settle()
    expect(runs).toBe(300)
  })

  it('slows each endpoint down for itself, and counts what it is told to count', async () => {
    const w = world()
    const counts = w.seen('count')
    const shared = slowDown({ after: 2, when: TypeError })
    const bus = await w.bus({
      handlers: [
        handle(Note, { use: [shared], retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          throw id === 'm0' ? new Error('not counted') : new TypeError('counted')
        }),
      ],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, () => undefined)] } },
    })
    await sendNotes(bus, 2)
    await w.clock.settle()
    expect(counts).toEqual([])
    await sendNotes(bus, 2)
    await w.clock.settle()
    expect(bus.health().endpoints.map(({ paused }) => paused)).toEqual([['slow-down'], []])
    expect(counts.map(({ what, detail }) => `${what} ${detail}`)).toEqual(['slowed-down shop'])
  })

  it('leaves to a circuit breaker inside what that takes on itself', async () => {
    const w = world()
    const bus = await w.bus({
      pipeline: standardPipeline({ slowDown: { after: 2 }, circuitBreaker: { when: Error, failures: 5 } }),
      handlers: [
        handle(Note, () => {
          throw new Error('down')
        }),
      ],
    })
    await sendNotes(bus, 20)
    await w.clock.advance(30_000)
    expect(bus.health().endpoints).toMatchObject([{ paused: ['circuit-open'] }])
  })

  it('holds up no other handler of its endpoint when nothing comes any more that could show that it goes well', async () => {
    const w = world()
    const bus = await w.bus({
      handlers: [
        handle(Note, { use: [slowDown({ after: 3 })], retry: { immediate: 2, delayed: [] } }, () => {
          throw new Error('each of them')
        }),
      ],
    })
    await sendNotes(bus, 2)
    await w.clock.advance(30_000)
    expect(w.deadLetters()).toHaveLength(2)
    expect(bus.health().endpoints).toMatchObject([{ paused: ['slow-down'] }])
    await w.clock.advance(90_000)
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
    await sendNotes(bus, 1)
    await w.clock.advance(30_000)
    expect(bus.health().endpoints).toMatchObject([{ paused: ['slow-down'] }])
    await bus.stop()
    expect(w.clock.waiting.count).toBe(0)
  })

  it('keeps the order of a key while it is slow', async () => {
    const w = world()
    const done: string[] = []
    let isDown = true
    const bus = await w.bus({
      pipeline: standardPipeline({ slowDown: { after: 3 } }),
      handlers: [
        handle(Step, { retry: { immediate: 50, delayed: [] } }, ({ key, n }) => {
          if (isDown) throw new Error('down')
          done.push(`${key}${n}`)
        }),
      ],
    })
    for (const n of [1, 2, 3]) for (const key of ['a', 'b']) await bus.send(new Step({ key, n }))
    await w.clock.advance(20_000)
    isDown = false
    await w.clock.advance(5_000)
    expect(done.filter((each) => each.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
    expect(done.filter((each) => each.startsWith('b'))).toEqual(['b1', 'b2', 'b3'])
  })

  it('gives back on a stop what waits for its turn', async () => {
    const w = world()
    const db = new Dependency(w)
    const bus = await w.bus({ pipeline: standardPipeline({ slowDown: { after: 2 } }), handlers: [handle(Note, { retry }, ({ id }) => db.call(id))] })
    await sendNotes(bus, 30)
    await w.clock.advance(1_500)
    const runs = db.calls.length
    const stopped = bus.stop()
    await w.clock.settle()
    expect(await stopped).toMatchObject({ unfinished: [] })
    expect(db.calls).toHaveLength(runs)
    const { ready, unsettled, delayed } = w.broker.depth('shop')
    expect([ready + delayed, unsettled]).toEqual([30, 0])
  })

  it('counts no attempt of what comes back as a copy because it has waited too long', async () => {
    const w = world()
    const attempts: number[] = []
    let isDown = true
    const bus = await w.bus({
      pipeline: standardPipeline({ slowDown: { after: 2, wait: '1m' } }),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: ['1h'] } }, (_, { attempt }) => {
          attempts.push(attempt)
          if (isDown) throw new Error('down')
        }),
      ],
    })
    await sendNotes(bus, 40)
    await w.clock.advance(600_000)
    expect(attempts.length).toBeLessThanOrEqual(10 + 10)
    isDown = false
    await w.clock.advance(2 * 3_600_000)
    expect(attempts).toHaveLength(40 + attempts.filter((attempt) => attempt === 2).length)
    expect(w.deadLetters()).toEqual([])
  })

  it.each([
    [{ after: 0 }, 'slowDown.after must be an integer from 1 to 10000, got 0'],
    [{ wait: 'soon' }, 'slowDown.wait must be a duration of at least a millisecond'],
    [{ when: [Error, 'x'] }, 'slowDown.when must be an error class'],
  ])('refuses %j', (options, text) => {
    expect(() => slowDown(options as never)).toThrow(text)
  })

  it('may stand around a breaker of one handler alone', async () => {
    const w = world()
    const db = new Dependency(w)
    const use = [slowDown({ after: 3 }), circuitBreaker({ when: RangeError })]
    const bus = await w.bus({ handlers: [handle(Note, { use, retry }, ({ id }) => db.call(id))] })
    await sendNotes(bus, 10)
    await w.clock.advance(2_000)
    db.isDown = false
    await w.clock.advance(120_000)
    expect(new Set(db.served).size).toBe(10)
  })
})
