import { describe, expect, it } from 'vitest'
import { handle, on } from '../../src/index.js'
import { circuitBreaker, standardPipeline } from '../../src/middleware.js'
import { Dependency, Down, sendNotes } from '../support/dependency.js'
import { gate, Note, Placed, world } from '../support/service.js'

const retry = { immediate: 2, delayed: ['10s', '1m'] } as const

describe('a circuit breaker', () => {
  it('lets 1000 queued messages through an outage of 30 s without burning an attempt', async () => {
    const w = world()
    const db = new Dependency(w)
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [handle(Note, (note, context) => db.call(note.id, context.attempt))],
    })
    const start = w.clock.now()
    await sendNotes(bus, 1_000)
    await w.clock.settle()
    expect(bus.health()).toMatchObject({ status: 'degraded', endpoints: [{ paused: ['circuit-open'] }] })
    const untilOpen = db.calls.length
    expect(untilOpen).toBeLessThanOrEqual(10)
    await w.clock.advance(30_000)
    const probes = db.calls.slice(untilOpen)
    expect(probes.map(({ at }) => at - start)).toEqual([5_000, 10_000, 15_000, 20_000, 25_000, 30_000])
    expect(new Set(probes.map(({ id }) => id)).size).toBe(6)
    db.isDown = false
    await w.clock.advance(10_000)
    const done = db.calls.filter(({ ok }) => ok)
    expect(done).toHaveLength(1_000)
    expect(new Set(done.map(({ id }) => id)).size).toBe(1_000)
    expect(db.attempts).toEqual(new Set([1]))
    expect(w.deadLetters()).toEqual([])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(bus.health()).toMatchObject({ status: 'ok', endpoints: [{ paused: [] }] })
    const told = w.log.filter(({ level }) => level === 'warn' || level === 'info')
    expect(told.filter(({ level, message }) => level === 'warn' && message.includes('takes nothing new'))).toHaveLength(1)
    expect(told.filter(({ level, fields }) => level === 'info' && fields['openMs'] === 35_000)).toHaveLength(1)
    // The sweep of the handlers' deadlines, and nothing after it.
    await w.clock.advance(300_000)
    expect(w.clock.waiting.count).toBe(0)
  })

  it('announces that it opens and closes', async () => {
    const w = world()
    const db = new Dependency(w)
    const counts = w.seen('count')
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down, failures: 2 } }),
      handlers: [handle(Note, ({ id }) => db.call(id, 1))],
    })
    await sendNotes(bus, 3)
    await w.clock.settle()
    db.isDown = false
    await w.clock.advance(5_000)
    expect(counts.map(({ what, detail }) => `${what}: ${detail}`)).toEqual(['circuit-opened: shop', 'circuit-closed: shop after 5000 ms'])
  })

  it('waits a moment and tries one failure again, without opening', async () => {
    const w = world()
    const db = new Dependency(w)
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [handle(Note, ({ id }, { attempt }) => db.call(id, attempt))],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    db.isDown = false
    await w.clock.advance(100)
    expect(db.calls).toMatchObject([
      { ok: false, attempt: 1 },
      { ok: true, attempt: 1 },
    ])
    expect(w.log.filter(({ message }) => message.includes('takes nothing new'))).toEqual([])
  })

  it('dead-letters the message that fails alone while others succeed, and lets the others go on', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down, failures: 3 } }),
      handlers: [
        handle(Note, { retry, concurrency: 1 }, ({ id }) => {
          runs.push(id)
          if (id === 'poison') throw new Down('this one only')
        }),
      ],
    })
    await bus.send(new Note({ id: 'poison' }))
    for (let second = 0; second < 400; second += 1) {
      await bus.send(new Note({ id: `ok${second}` }))
      await w.clock.advance(1_000)
    }
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted', body: JSON.stringify({ id: 'poison' }) }])
    expect(runs.filter((id) => id !== 'poison')).toHaveLength(400)
    // In each of 3 rounds at most 3 times until others have succeeded between: 3 failures that open it, and 2 probes; then 2 more attempts.
    expect(runs.filter((id) => id === 'poison').length).toBeLessThanOrEqual(3 * (4 * 5 + 2))
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
  })

  it('takes nothing for the fault of a message that in-flight runs have survived', async () => {
    const w = world()
    const db = new Dependency(w)
    const slow = Array.from({ length: 8 }, () => gate())
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down } }),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }, { attempt }) => {
          const index = Number(id.slice(1))
          // These have what they need before the dependency goes down, and end one after the other while it is.
          if (index < slow.length && db.calls.every((call) => call.id !== id)) {
            db.calls.push({ id, at: w.clock.now(), attempt, ok: true })
            await slow[index]?.opened
          } else db.call(id, attempt)
        }),
      ],
    })
    await sendNotes(bus, 9)
    for (const each of slow) {
      await w.clock.advance(1_000)
      each.open()
    }
    await w.clock.advance(60_000)
    expect(w.deadLetters()).toEqual([])
    db.isDown = false
    await w.clock.advance(5_000)
    expect(db.calls.at(-1)).toMatchObject({ id: 'm8', ok: true, attempt: 1 })
  })

  it('takes in another message when all that are here have tried, so that a poison message does not keep it open', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down, failures: 3 } }),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          runs.push(id)
          if (id === 'poison') throw new Down('this one only')
        }),
      ],
    })
    await bus.send(new Note({ id: 'poison' }))
    await w.clock.advance(4_000)
    expect(bus.health().endpoints).toMatchObject([{ paused: ['circuit-open'] }])
    await Promise.all(['a', 'b', 'c'].map((id) => bus.send(new Note({ id }))))
    await w.clock.advance(1_000)
    expect(runs).not.toContain('a')
    await w.clock.advance(20_000)
    expect(runs.filter((id) => id !== 'poison')).toEqual(['a', 'b', 'c'])
  })

  it('leaves what it does not know to recover', async () => {
    const w = world()
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: [Down, (error: Error) => error.message === 'gone'], failures: 2 } }),
      handlers: [
        handle(Note, { retry: { immediate: 1, delayed: [] } }, () => {
          throw new Error('mine')
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted' }])
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
  })

  it('lets nothing leave that a kept run has sent, and all that the good one sends', async () => {
    const w = world()
    const db = new Dependency(w)
    const sent: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ circuitBreaker: { when: Down, failures: 1 } }),
      handlers: [
        handle(Note, async ({ id }, context) => {
          await context.publish(new Placed({ id: `${id}-${db.calls.length}` }))
          db.call(id, context.attempt)
        }),
        on(Placed, { id: 'seen' }, ({ id }) => void sent.push(id)),
      ],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.advance(11_000)
    db.isDown = false
    await w.clock.advance(5_000)
    expect(db.calls).toHaveLength(4)
    expect(sent).toEqual(['a-3'])
  })

  it('does not run the siblings of the handler again', async () => {
    const w = world()
    const db = new Dependency(w)
    const siblings: string[] = []
    const bus = await w.bus({
      handlers: [
        on(Placed, { id: 'a-first' }, ({ id }) => void siblings.push(`first ${id}`)),
        on(Placed, { id: 'b-guarded', use: [circuitBreaker({ when: Down, failures: 2 })] }, ({ id }, { attempt }) => db.call(id, attempt)),
        on(Placed, { id: 'c-last' }, ({ id }) => void siblings.push(`last ${id}`)),
      ],
    })
    await Promise.all(['1', '2', '3'].map((id) => bus.publish(new Placed({ id }))))
    await w.clock.advance(12_000)
    expect(siblings.toSorted()).toEqual(['first 1', 'first 2', 'first 3'])
    db.isDown = false
    await w.clock.advance(10_000)
    expect(siblings.toSorted()).toEqual(['first 1', 'first 2', 'first 3', 'last 1', 'last 2', 'last 3'])
    expect(
      db.calls
        .filter(({ ok }) => ok)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['1', '2', '3'])
    expect(db.attempts).toEqual(new Set([1]))
  })

  it('keeps no place from handlers that do not depend on it', async () => {
    const w = world()
    const db = new Dependency(w)
    const others: string[] = []
    const failing = gate()
    const use = [circuitBreaker({ when: Down, failures: 2 })]
    const bus = await w.bus({
      concurrency: 2,
      handlers: [
        handle(Note, { use }, async ({ id }) => {
          await failing.opened
          db.call(id, 1)
        }),
        on(Placed, { id: 'other' }, ({ id }) => void others.push(id)),
      ],
    })
    await sendNotes(bus, 10)
    await bus.publish(new Placed({ id: 'p' }))
    await w.clock.settle()
    expect(others).toEqual([])
    failing.open()
    await w.clock.settle()
    expect(bus.health().endpoints).toMatchObject([{ paused: ['circuit-open'], running: 0, waiting: 0 }])
    expect(others).toEqual(['p'])
  })

  it('is one dependency for all endpoints that use the value', async () => {
    const w = world()
    const db = new Dependency(w)
    const shared = circuitBreaker({ when: Down, failures: 3 })
    const bus = await w.bus({
      handlers: [handle(Note, { use: [shared] }, ({ id }) => db.call(id, 1))],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, ({ id }) => db.call(id, 1))] } },
    })
    await sendNotes(bus, 5)
    await w.clock.settle()
    expect(bus.health().endpoints.map(({ paused }) => paused)).toEqual([['circuit-open'], ['circuit-open']])
    db.isDown = false
    await w.clock.advance(5_000)
    expect(bus.health().endpoints.map(({ paused }) => paused)).toEqual([[], []])
  })

  it('is not kept open for one endpoint by a message at another that fails for a reason of its own', async () => {
    const w = world()
    const db = new Dependency(w)
    db.isDown = false
    const shared = circuitBreaker({ when: Down })
    const bus = await w.bus({
      handlers: [
        handle(Note, { use: [shared] }, () => {
          throw new Down('this one only')
        }),
      ],
      endpoints: { 'shop.events': { handlers: [on(Placed, { id: 'e', use: [shared] }, ({ id }) => db.call(id))] } },
    })
    await sendNotes(bus, 1)
    await w.clock.advance(10_000)
    expect(bus.health().endpoints.map(({ paused }) => paused)).toEqual([['circuit-open'], ['circuit-open']])
    for (const id of ['a', 'b', 'c']) await bus.publish(new Placed({ id }))
    await w.clock.advance(10_000)
    expect(db.served).toEqual(['a', 'b', 'c'])
  })

  it('takes in another message when the one that has opened it is gone', async () => {
    const w = world()
    const db = new Dependency(w)
    const bus = await w.bus({
      middleware: [
        {
          name: 'gives up',
          incoming: { message: (context, next) => next(context).catch(() => ({ outcome: 'rejected', reason: 'given-up' }) as const) },
        },
      ],
      handlers: [handle(Note, { use: [circuitBreaker({ when: Down, failures: 1 })] }, ({ id }) => db.call(id))],
    })
    await bus.send(new Note({ id: 'first' }))
    await w.clock.advance(60_000)
    expect(bus.health().endpoints).toMatchObject([{ paused: ['circuit-open'] }])
    db.isDown = false
    await bus.send(new Note({ id: 'second' }))
    await w.clock.advance(5_000)
    expect(db.served).toEqual(['second'])
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
  })

  it.each([
    [{}, 'circuitBreaker.when must be an error class, a function of the error, or a list of them, got undefined'],
    [{ when: 'Down' }, 'circuitBreaker.when must be'],
    [{ when: [] }, 'circuitBreaker.when must be'],
    [{ when: Down, failures: 0 }, 'circuitBreaker.failures must be an integer from 1 to 10000, got 0'],
    [{ when: Down, probe: '0s' }, 'circuitBreaker.probe must be a duration of at least a millisecond'],
    [{ when: Down, prob: '1s' }, 'Did you mean circuitBreaker.probe?'],
  ])('refuses %j', (options, text) => {
    expect(() => circuitBreaker(options as never)).toThrow(text)
  })
})
