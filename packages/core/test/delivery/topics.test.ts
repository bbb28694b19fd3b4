import { describe, expect, it } from 'vitest'
import { handle, on } from '../../src/index.js'
import { header, Note, Placed, Shipped, world } from '../support/service.js'

const native = (type: string, headers: Readonly<Record<string, string>> = {}) => ({
  ce_specversion: '1.0',
  ce_id: 'foreign-1',
  ce_type: type,
  ce_source: 'elsewhere',
  ce_time: '2026-01-01T00:00:00.000Z',
  ce_kind: 'event',
  'content-type': 'application/json',
  ...headers,
})

describe('what comes through a topic', () => {
  it('cannot steer the framework: its system headers address no handler, count no attempt, delay nothing', async () => {
    const w = world()
    const runs: string[] = []
    await w.bus({
      handlers: [
        on(Placed, { id: 'a' }, (_, { attempt }) => void runs.push(`a${attempt}`)),
        on(Placed, { id: 'b' }, (_, { attempt }) => void runs.push(`b${attempt}`)),
      ],
    })
    w.broker.publish(
      { topic: 'shop.placed' },
      { body: '{"id":"1"}', headers: native('shop.placed', { 'waybill-target-handler': 'b', 'waybill-attempt': '7', 'waybill-deliver-at': '99999999999999' }) },
    )
    await w.clock.settle()
    expect(runs).toEqual(['a1', 'b1'])
  })

  it('cannot steer a copy of itself either', async () => {
    const w = world()
    const runs: string[] = []
    let fail = true
    await w.bus({
      retry: { immediate: 0, delayed: ['1s'] },
      middleware: [
        {
          name: 'store',
          incoming: {
            wire: (context, next) => {
              if (!fail) return next(context)
              fail = false
              throw new Error('the store is down')
            },
          },
        },
      ],
      handlers: [
        on(Placed, { id: 'a' }, (_, { attempt }) => void runs.push(`a${attempt}`)),
        on(Placed, { id: 'b' }, (_, { attempt }) => void runs.push(`b${attempt}`)),
      ],
    })
    w.broker.publish(
      { topic: 'shop.placed' },
      { body: '{"id":"1"}', headers: native('shop.placed', { 'waybill-target-handler': 'b', 'waybill-redrive-count': '3' }) },
    )
    await w.clock.advance(2_000)
    expect(runs).toEqual(['a1', 'b1'])
  })

  it('is accepted, counted and warned about once when its type is known and has no handler here', async () => {
    const w = world()
    const counts = w.seen('count')
    await w.bus({ sends: [Shipped], handlers: [on(Placed, { id: 'a' }, () => undefined)] })
    for (let index = 0; index < 3; index += 1) w.broker.publish({ topic: 'shop.placed' }, { body: '{"id":"1"}', headers: native('shop.shipped') })
    await w.clock.settle()
    expect(counts.map(({ what }) => what)).toEqual(['ignored', 'ignored', 'ignored'])
    expect(w.log.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(w.deadLetters()).toEqual([])
  })

  it('becomes a dead letter when it came to the own address and has no handler here', async () => {
    const w = world()
    await w.bus({ sends: [Shipped], handlers: [on(Placed, { id: 'a' }, () => undefined)] })
    w.broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.shipped') })
    await w.clock.settle()
    expect(w.deadLetters()).toMatchObject([{ reason: 'no-handler', id: 'foreign-1' }])
  })

  it('keeps headers of the framework that this version does not know, over retries and in the dead letter', async () => {
    const w = world()
    await w.bus({
      handlers: [
        on(Placed, { id: 'a', retry: { immediate: 0, delayed: ['1s'] } }, () => {
          throw new Error('always')
        }),
      ],
    })
    w.broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.placed', { 'waybill-from-the-future': 'kept', own: 'header' }) })
    await w.clock.advance(5_000)
    const [letter] = w.broker.deadLetters('shop')
    expect(header(letter?.headers ?? {}, 'from-the-future')).toBe('kept')
    expect(letter?.headers['own']).toBe('header')
  })

  it('of a type that nothing declared is provisioned at its first use, also inside of a handler', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Note, ({ id }, context) => context.publish(new Shipped({ id })))] })
    await bus.publish(new Placed({ id: '1' }))
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(
      w.broker
        .entities()
        .topics.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['shop.placed', 'shop.shipped'])
    expect(w.deadLetters()).toEqual([])
  })
})
