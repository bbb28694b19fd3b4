import { describe, expect, it } from 'vitest'
import { handle } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { breakable } from '../support/inbox.js'
import { Find, Note, Placed, world } from '../support/service.js'

const done = { ready: 0, unsettled: 0, delayed: 0 }

describe('a store that is down', () => {
  it('closed: runs none, accepts none, alarms once, and handles all when it is back', async () => {
    const w = world()
    const broken = breakable(memoryInbox())
    const runs: string[] = []
    const bus = await w.bus({
      stores: { inbox: broken.store },
      handlers: [handle(Note, ({ id }, { attempt }) => void runs.push(`${id} ${attempt}`))],
    })
    broken.down = 'everything'
    const ids = Array.from({ length: 8 }, (_, index) => `n${index}`)
    await Promise.all(ids.slice(0, 5).map((id) => bus.send(new Note({ id }))))
    await w.clock.settle()
    expect(bus.health().endpoints).toMatchObject([{ name: 'shop', paused: ['inbox-down'] }])
    for (const id of ids.slice(5)) await bus.send(new Note({ id }))
    await w.clock.advance(60_000)
    expect(runs).toEqual([])
    // The endpoint takes nothing new, and keeps what it has.
    expect(w.broker.depth('shop')).toEqual({ ready: 3, unsettled: 5, delayed: 0 })
    // One of those that wait asks, once a second.
    expect(broken.refused).toBeLessThanOrEqual(5 + 60)
    expect(w.log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'shop cannot reach its inbox: it takes nothing new, and tries again until it can',
    ])
    broken.down = 'nothing'
    await w.clock.advance(5_000)
    expect(runs.toSorted()).toEqual(ids.map((id) => `${id} 1`))
    expect(w.broker.depth('shop')).toEqual(done)
    expect(w.deadLetters()).toEqual([])
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
    expect(w.log.filter(({ level }) => level === 'info').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^shop reaches its inbox again after 6\d{4} ms$/),
    ])
  })

  it('closed: takes no place from others while it waits, and lets a stop go through', async () => {
    const w = world()
    const broken = breakable(memoryInbox())
    const bus = await w.bus({ stores: { inbox: broken.store }, concurrency: 1, handlers: [handle(Note, () => undefined)] })
    broken.down = 'everything'
    await bus.send(new Note({ id: 'a' }))
    await w.clock.advance(3_000)
    const stopped = bus.stop()
    await w.clock.settle()
    expect(await stopped).toEqual({ unfinished: [] })
    expect(w.broker.depth('shop')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
  })

  it('closed: what expires meanwhile does not run when it is back', async () => {
    const w = world()
    const broken = breakable(memoryInbox())
    const runs: string[] = []
    const counted = w.seen('count')
    const bus = await w.bus({
      stores: { inbox: broken.store },
      handlers: [handle(Note, ({ id }) => void runs.push(id)), handle(Find, ({ id }) => ({ id }))],
    })
    const asker = await w.bus({ name: 'asker' })
    broken.down = 'everything'
    const sends = [bus.send(new Note({ id: 'late' }), { expiresIn: '20s' }), bus.send(new Note({ id: 'in time' }), { expiresIn: '10m' })]
    const answer = asker.request(new Find({ id: 'f' }), { timeout: '10s' }).catch((error: unknown) => error)
    await Promise.all(sends)
    await w.clock.advance(60_000)
    expect(await answer).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    broken.down = 'nothing'
    await w.clock.advance(5_000)
    expect(runs).toEqual(['in time'])
    expect(w.deadLetters()).toMatchObject([{ reason: 'expired' }])
    expect(counted.filter(({ what }) => what === 'expired-request')).toHaveLength(1)
    expect(w.broker.depth('shop')).toEqual(done)
  })

  it('open: runs all, and counts each', async () => {
    const w = world()
    const broken = breakable(memoryInbox())
    const runs: string[] = []
    const counted = w.seen('count')
    const bus = await w.bus({
      pipeline: standardPipeline({ idempotency: { store: broken.store, whenDown: 'open' } }),
      handlers: [handle(Note, ({ id }) => void runs.push(id))],
    })
    broken.down = 'everything'
    for (const id of ['a', 'b', 'c', 'c']) await bus.send(new Note({ id }), { id })
    await w.clock.settle()
    expect(runs).toEqual(['a', 'b', 'c', 'c'])
    expect(counted.map(({ what, detail }) => `${what}: ${detail}`)).toEqual([
      'unguarded: shop.note a before shop.note',
      'unguarded: shop.note b before shop.note',
      'unguarded: shop.note c before shop.note',
      'unguarded: shop.note c before shop.note',
    ])
    expect(w.broker.depth('shop')).toEqual(done)
    expect(w.log.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  it.each([
    { whenDown: 'closed', kept: 1, row: 'done', counted: [] },
    { whenDown: 'open', kept: 0, row: 'claimed', counted: ['unguarded: shop.note note-1 after shop.note'] },
  ] as const)(
    '$whenDown: when it goes down before the mark, the work is done once and its messages are out',
    async ({ whenDown, kept, row, counted: expected }) => {
      const w = world()
      const inbox = memoryInbox()
      const broken = breakable(inbox)
      let runs = 0
      const counted = w.seen('count')
      const sent = w.seen('send')
      const bus = await w.bus({
        pipeline: standardPipeline({ idempotency: { store: broken.store, whenDown } }),
        sends: [Placed],
        handlers: [
          handle(Note, async ({ id }, context) => {
            runs += 1
            broken.down = 'complete'
            await context.publish(new Placed({ id }))
          }),
        ],
      })
      await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
      await w.clock.advance(120_000)
      expect(runs).toBe(1)
      expect(sent.filter(({ outgoing }) => outgoing.envelope.type === 'shop.placed').map(({ outcome }) => outcome)).toEqual(['confirmed'])
      expect(w.broker.depth('shop').unsettled).toBe(kept)
      expect(counted.map(({ what, detail }) => `${what}: ${detail}`)).toEqual(expected)
      broken.down = 'nothing'
      await w.clock.advance(5_000)
      expect(runs).toBe(1)
      expect(w.broker.depth('shop')).toEqual(done)
      expect(inbox.rows()).toMatchObject([{ state: row }])
    },
  )

  it('closed: a delivery that loses its lock before it is marked comes again, and nothing of it was accepted', async () => {
    const w = world()
    const inbox = memoryInbox()
    const broken = breakable(inbox)
    let runs = 0
    const settled = w.seen('settle')
    const bus = await w.bus({
      stores: { inbox: broken.store },
      handlers: [
        handle(Note, () => {
          runs += 1
        }),
      ],
    })
    broken.down = 'complete'
    await bus.send(new Note({ id: 'a' }))
    await w.clock.advance(5_000)
    w.broker.cut()
    await w.clock.settle()
    broken.down = 'nothing'
    await w.clock.advance(60_000)
    expect(runs).toBe(2)
    expect(settled.map(({ disposition }) => disposition)).toEqual(['released', 'accepted'])
    expect(inbox.rows()).toMatchObject([{ state: 'done' }])
    expect(w.broker.depth('shop')).toEqual(done)
  })
})
