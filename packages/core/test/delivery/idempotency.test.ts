import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Event, handle, on } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { gate, Note, Placed, world } from '../support/service.js'

class Moved extends Event('shop.moved', z.object({ item: z.string(), n: z.int() }), { key: 'item', ordered: true }) {}

const states = (inbox: ReturnType<typeof memoryInbox>): string[] => inbox.rows().map(({ handler, id, state }) => `${handler} ${id} ${state}`)

describe('a message that is delivered twice', () => {
  it('runs twice without an inbox and once with one, and both deliveries are accepted', async () => {
    const w = world()
    const runs: string[] = []
    const duplicates = w.seen('count')
    const without = await w.bus({ handlers: [handle(Note, ({ id }) => void runs.push(`without ${id}`))] })
    for (let index = 0; index < 2; index += 1) await without.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    const inbox = memoryInbox()
    const others = w.broker
    const once = await w.bus({
      name: 'once',
      stores: { inbox },
      routes: { 'shop.*': 'once' },
      handlers: [handle(Note, ({ id }) => void runs.push(`with ${id}`))],
    })
    for (let index = 0; index < 2; index += 1) await once.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    expect(runs).toEqual(['without a', 'without a', 'with a'])
    expect(others.depth('once')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(states(inbox)).toEqual(['shop.note note-1 done'])
    expect(duplicates.filter(({ what }) => what === 'duplicate').map(({ detail }) => detail)).toEqual(['shop.note note-1 before shop.note'])
  })

  it('waits unsettled while the first one runs, and is accepted when that has succeeded', async () => {
    const w = world()
    const slow = gate()
    let runs = 0
    const bus = await w.bus({
      stores: { inbox: memoryInbox() },
      handlers: [
        handle(Note, () => {
          runs += 1
          return slow.opened
        }),
      ],
    })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.advance(60_000)
    expect(runs).toBe(1)
    expect(w.broker.depth('shop').unsettled).toBe(2)
    slow.open()
    await w.clock.settle()
    expect(runs).toBe(1)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('runs when the first one fails, never beside it, and is not accepted as seen', async () => {
    const w = world()
    let running = 0
    let most = 0
    const outcomes: string[] = []
    const inbox = memoryInbox()
    const bus = await w.bus({
      stores: { inbox },
      retry: { immediate: 2, delayed: ['10s'] },
      handlers: [
        handle(Note, async () => {
          running += 1
          most = Math.max(most, running)
          await new Promise<void>((resolve) => void w.clock.after(100, resolve))
          running -= 1
          outcomes.push(outcomes.length < 3 ? 'failed' : 'done')
          if (outcomes.length <= 3) throw new Error('not yet')
        }),
      ],
    })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.advance(60_000)
    expect(most).toBe(1)
    expect(outcomes).toEqual(['failed', 'failed', 'failed', 'done'])
    expect(states(inbox)).toEqual(['shop.note note-1 done'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(w.deadLetters()).toEqual([])
  })

  it('is a dead letter once each when all of its attempts fail, and leaves no row', async () => {
    const w = world()
    const inbox = memoryInbox()
    const bus = await w.bus({
      stores: { inbox },
      retry: { immediate: 1, delayed: [] },
      handlers: [
        handle(Note, () => {
          throw new Error('never')
        }),
      ],
    })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.advance(60_000)
    expect(w.deadLetters().map(({ id }) => id)).toEqual(['note-1', 'note-1'])
    expect(states(inbox)).toEqual([])
  })

  it('runs its delayed retry, a copy with the same id for the handler that failed', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      stores: { inbox: memoryInbox() },
      retry: { immediate: 0, delayed: ['10s'] },
      handlers: [
        on(Placed, { id: 'a' }, () => void runs.push('a')),
        on(Placed, { id: 'b' }, (_, { attempt, id }) => {
          runs.push(`b ${attempt} ${id}`)
          if (attempt === 1) throw new Error('once')
        }),
      ],
    })
    await bus.publish(new Placed({ id: 'p' }), { id: 'placed-1' })
    await w.clock.advance(60_000)
    expect(runs).toEqual(['a', 'b 1 placed-1', 'b 2 placed-1'])
  })
})

describe('the row of a message', () => {
  it('is one for each handler and each endpoint', async () => {
    const w = world()
    const runs: string[] = []
    const inbox = memoryInbox()
    const handlers = [
      on(Placed, { id: 'a' }, (_, { endpoint }) => void runs.push(`${endpoint} a`)),
      on(Placed, { id: 'b' }, (_, { endpoint }) => void runs.push(`${endpoint} b`)),
    ]
    const bus = await w.bus({ stores: { inbox }, handlers })
    await w.bus({ name: 'other', stores: { inbox }, handlers })
    for (let index = 0; index < 3; index += 1) await bus.publish(new Placed({ id: 'p' }), { id: 'placed-1' })
    await w.clock.settle()
    expect(runs.toSorted()).toEqual(['other a', 'other b', 'shop a', 'shop b'])
    expect(inbox.rows()).toHaveLength(4)
  })

  it('knows sources apart that number their messages alike', async () => {
    const w = world()
    const runs: string[] = []
    await w.bus({ stores: { inbox: memoryInbox() }, handlers: [handle(Note, ({ id }, { source }) => void runs.push(`${source} ${id}`))] })
    for (const source of ['//a', '//b', '//a']) {
      const headers = {
        ce_specversion: '1.0',
        ce_id: '1',
        ce_type: 'shop.note',
        ce_source: source,
        ce_time: '2026-01-01T00:00:00Z',
        ce_kind: 'command',
        'content-type': 'application/json',
      }
      w.broker.publish({ endpoint: 'shop' }, { body: '{"id":"x"}', headers })
    }
    await w.clock.settle()
    expect(runs).toEqual(['//a x', '//b x'])
  })

  it.each([
    { what: 'the native id of a message without one', nativeId: 'native-1', rows: ['shop native-1'], runs: 1, counted: 'duplicate' },
    { what: 'nothing of a message without any identity, which is counted', nativeId: undefined, rows: [], runs: 2, counted: 'no-identity' },
  ])('has $what', async ({ nativeId, rows, runs: expected, counted: what }) => {
    const w = world()
    const inbox = memoryInbox()
    const counted = w.seen('count')
    let runs = 0
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = (endpoint, onDelivery, options) =>
        subscribe(
          endpoint,
          (delivery) =>
            onDelivery({
              ...delivery,
              lost: delivery.lost,
              original: delivery.original,
              envelope: delivery.envelope && { ...delivery.envelope, id: '' },
              nativeId,
            }),
          options,
        )
    })
    const handlers = [
      handle(Note, () => {
        runs += 1
      }),
    ]
    const bus = await w.bus({ transport, stores: { inbox }, handlers })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    expect(runs).toBe(expected)
    expect(inbox.rows().map(({ source, id }) => `${source} ${id}`)).toEqual(rows)
    expect(counted.map((event) => event.what)).toContain(what)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('is found again by a handler that was renamed', async () => {
    const w = world()
    const runs: string[] = []
    const inbox = memoryInbox()
    const first = await w.bus({ stores: { inbox }, handlers: [on(Placed, { id: 'old' }, () => void runs.push('old'))] })
    await first.publish(new Placed({ id: 'p' }), { id: 'placed-1' })
    await w.clock.settle()
    await first.stop()
    const second = await w.bus({ stores: { inbox }, handlers: [on(Placed, { id: 'new', formerIds: ['old'] }, () => void runs.push('new'))] })
    await second.publish(new Placed({ id: 'p' }), { id: 'placed-1' })
    await w.clock.settle()
    expect(runs).toEqual(['old'])
  })
})

describe('two instances with one inbox', () => {
  it('handle a hundred messages, each twice at the same time, once each', async () => {
    const w = world()
    const effects: string[] = []
    const inbox = memoryInbox()
    const handlers = [
      handle(Note, async ({ id }) => {
        await new Promise<void>((resolve) => void w.clock.after(id.length, resolve))
        effects.push(id)
      }),
    ]
    const handled = w.seen('handled')
    const bus = await w.bus({ stores: { inbox }, handlers })
    await w.bus({ stores: { inbox }, handlers })
    const ids = Array.from({ length: 100 }, (_, index) => `n${index}`)
    await Promise.all(ids.flatMap((id) => [bus.send(new Note({ id }), { id }), bus.send(new Note({ id }), { id })]))
    await w.clock.advance(10_000)
    expect(effects.toSorted()).toEqual(ids.toSorted())
    expect(handled.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 200 }, () => 'accepted'))
    expect(new Set(handled.map(({ instanceId }) => instanceId)).size).toBe(2)
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })
})

describe('duplicates that wait', () => {
  it('take no place from others: ten of them do not stop an endpoint that runs ten', async () => {
    const w = world()
    const slow = gate()
    const runs: string[] = []
    const bus = await w.bus({
      concurrency: 10,
      stores: { inbox: memoryInbox() },
      handlers: [
        handle(Note, ({ id }) => {
          runs.push(id)
          return id === 'slow' ? slow.opened : undefined
        }),
      ],
    })
    for (let index = 0; index < 11; index += 1) await bus.send(new Note({ id: 'slow' }), { id: 'slow' })
    for (let index = 0; index < 20; index += 1) await bus.send(new Note({ id: `n${index}` }))
    await w.clock.settle()
    expect(runs).toHaveLength(21)
    slow.open()
    await w.clock.settle()
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(runs).toHaveLength(21)
  })

  it('go back when the bus stops, and the one that runs ends and is marked', async () => {
    const w = world()
    const slow = gate()
    const inbox = memoryInbox()
    const bus = await w.bus({ stores: { inbox }, handlers: [handle(Note, () => slow.opened)] })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    slow.open()
    await w.clock.settle()
    expect(await stopped).toEqual({ unfinished: [] })
    expect(states(inbox)).toEqual(['shop.note note-1 done'])
    expect(w.broker.depth('shop')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
    expect(w.log.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('an ordered endpoint with an inbox', () => {
  it('keeps the order of a key while a duplicate waits, and lets other keys go on', async () => {
    const w = world()
    const inbox = memoryInbox({ clock: w.clock })
    const slow = gate()
    const runs: string[] = []
    const handlers = [
      on(Moved, { id: 'm' }, async ({ item, n }) => {
        if (n === 1) await slow.opened
        runs.push(`${item}${n}`)
      }),
    ]
    // The row of the first one is held elsewhere, as after a lost lock.
    const claim = await inbox.claim(
      { endpoint: 'shop', handler: 'm', formerHandlers: [], source: 'shop', id: 'a1', redelivered: false, leaseMs: 30_000 },
      new AbortController().signal,
    )
    const bus = await w.bus({ stores: { inbox }, concurrency: 2, handlers })
    for (const n of [1, 2, 3]) await bus.publish(new Moved({ item: 'a', n }), { id: `a${n}` })
    for (const n of [2, 3]) await bus.publish(new Moved({ item: 'b', n }))
    await w.clock.settle()
    expect(runs).toEqual(['b2', 'b3'])
    if (claim.state === 'claimed') await claim.release()
    slow.open()
    await w.clock.settle()
    expect(runs).toEqual(['b2', 'b3', 'a1', 'a2', 'a3'])
  })
})
