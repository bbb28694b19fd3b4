import { describe, expect, it } from 'vitest'
import { handle } from '../../src/index.js'
import { memory, memorySchedule } from '../../src/memory/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { noDelay, scheduled } from '../support/scheduled.js'
import { Note, Place, Placed, world } from '../support/service.js'

const second = 1_000
const day = 86_400_000
const upTo15Minutes = { capabilities: { delay: { maxMs: 900_000, resolutionMs: 1_000 } } } as const

describe('a delay longer than the broker can', () => {
  it.each([
    ['901s', 901 * second],
    ['25d', 25 * day],
    ['3650d', 3_650 * day],
  ] as const)('waits in the schedule store: %s', async (delay, ms) => {
    const { w, bus, arrived, schedule } = await scheduled({ capabilities: upTo15Minutes })
    await bus.send(new Note({ id: 'n' }), { delay })
    expect(schedule.rows()).toMatchObject([{ bus: 'shop', type: 'shop.note', dueMs: w.clock.now() + ms, state: 'waiting' }])
    await w.clock.advance(ms - 1)
    expect(arrived).toEqual([])
    await w.clock.advance(1)
    expect(arrived).toEqual([`n ${ms / second}`])
    expect(schedule.rows()).toEqual([])
  })

  it('leaves what the broker can delay to the broker', async () => {
    const { w, bus, arrived, schedule } = await scheduled({ capabilities: upTo15Minutes })
    await bus.send(new Note({ id: 'n' }), { delay: '900s' })
    expect(schedule.rows()).toEqual([])
    expect(w.broker.depth('shop').delayed).toBe(1)
    await w.clock.advance(900 * second)
    expect(arrived).toEqual(['n 900'])
  })

  it('keeps an event back from a topic that cannot delay', async () => {
    const { w, bus, arrived } = await scheduled({ capabilities: { capabilities: { delay: { endpoint: { maxMs: 1_000, resolutionMs: 1 }, topic: 'none' } } } })
    await bus.publish(new Placed({ id: 'e' }), { delay: '1s' })
    await w.clock.advance(999)
    expect(arrived).toEqual([])
    await w.clock.advance(1)
    expect(arrived).toEqual(['placed e 1'])
  })

  it('sends what is due at once at once, and refuses a time before now', async () => {
    const { bus, w, arrived } = await scheduled()
    await bus.send(new Note({ id: 'zero' }), { delay: '0s' })
    await w.clock.settle()
    expect(arrived).toEqual(['zero 0'])
    await expect(bus.send(new Note({ id: 'past' }), { delay: '-1s' })).rejects.toThrow('{ delay } cannot be "-1s". Use a duration such as "250ms"')
    await w.clock.advance(day)
    expect(arrived).toHaveLength(1)
  })

  it('holds nobody back who is due earlier, and keeps the order of the times, among equals of the calls', async () => {
    const { bus, w, arrived } = await scheduled()
    for (const [id, delay] of [
      ['three', '3s'],
      ['one', '1s'],
      ['two', '2s'],
      ['two again', '2s'],
      ['two once more', '2s'],
    ] as const)
      await bus.send(new Note({ id }), { delay })
    await w.clock.advance(10 * second)
    expect(arrived).toEqual(['one 1', 'two 2', 'two again 2', 'two once more 2', 'three 3'])
  })

  it('keeps everything that the message says of itself', async () => {
    const { bus, w, arrived, schedule } = await scheduled()
    const sent = w.seen('send')
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', key: 'k', headers: { tenant: 'a' }, delay: '1h', expiresIn: '2h' })
    const time = new Date(w.clock.now()).toISOString()
    expect(sent).toEqual([])
    await w.clock.advance(3_600_000)
    expect(arrived).toEqual(['n 3600'])
    const [event] = sent
    expect(event?.outgoing).toMatchObject({ copyId: 'chosen', destination: { kind: 'endpoint', name: 'shop' } })
    expect(event?.outgoing).not.toHaveProperty('notBefore')
    expect(event?.outgoing.envelope).toMatchObject({ id: 'chosen', source: 'shop', correlationId: 'chosen', key: 'k', time, headers: { tenant: 'a' } })
    expect(event?.outgoing.envelope.expiresAt).toBe(Date.parse(time) + 7_200_000)
    expect(Object.getPrototypeOf(event?.outgoing.envelope.headers)).toBeNull()
    expect(schedule.rows()).toEqual([])
  })

  it('stores what the wire steps made of the message, and runs them once', async () => {
    const w = world()
    const schedule = memorySchedule()
    const bodies: string[] = []
    let runs = 0
    const bus = await w.bus({
      transport: memory({ broker: w.broker, ...noDelay }),
      stores: { schedule },
      middleware: [
        {
          name: 'reverse',
          outgoing: {
            wire(context, next) {
              runs += 1
              context.body = context.body.toReversed()
              return next(context)
            },
          },
          incoming: {
            wire(context, next) {
              bodies.push(Buffer.from(context.body).toString())
              context.body = context.body.toReversed()
              return next(context)
            },
          },
        },
      ],
      handlers: [handle(Note, () => undefined)],
    })
    await bus.send(new Note({ id: 'n' }), { delay: '1m' })
    expect(runs).toBe(1)
    await w.clock.advance(60_000)
    expect(bodies).toEqual(['}"n":"di"{'])
    expect(runs).toBe(1)
  })

  it('is refused at the call when it ends after the message', async () => {
    const { bus, schedule } = await scheduled()
    await expect(bus.send(new Note({ id: 'n' }), { delay: '1h', expiresIn: '30m' })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
    expect(schedule.rows()).toEqual([])
  })

  it('is refused at the call where neither broker nor store can keep it, and the text names the way out', async () => {
    const w = world()
    const bus = await w.bus({ transport: memory({ broker: w.broker, ...noDelay }), handlers: [handle(Note, () => undefined)] })
    await expect(bus.publish(new Placed({ id: 'e' }), { delay: '1m' })).rejects.toThrow(
      '{ delay } of "shop.placed" cannot be "60000ms". The transport has no delay for a topic. Start the bus with a schedule store, { stores: { schedule } }',
    )
  })

  it('is refused at the call when it would be too large on the day', async () => {
    const w = world()
    const bus = await w.bus({
      transport: memory({ broker: w.broker, capabilities: { delay: 'none', limits: { messageBytes: 2_000 } } }),
      stores: { schedule: memorySchedule() },
      handlers: [handle(Note, () => undefined)],
    })
    await expect(bus.send(new Note({ id: 'n'.repeat(3_000) }), { delay: '1h' })).rejects.toMatchObject({ code: 'WAYBILL_TOO_LARGE' })
  })
})

describe('what is due while nobody is there', () => {
  it('is sent when the bus starts again on the same store', async () => {
    const { w, bus, arrived, transport, stores, handlers } = await scheduled()
    await bus.send(new Note({ id: 'first' }), { delay: '1h' })
    await bus.send(new Note({ id: 'second' }), { delay: '2h' })
    await bus.stop()
    await w.clock.advance(day)
    expect(arrived).toEqual([])
    await w.bus({ transport, stores, handlers })
    await w.clock.settle()
    expect(arrived).toEqual(['first 86400', 'second 86400'])
  })

  it('stays with its bus: another bus on the same store does not send it', async () => {
    const { w, bus, arrived, stores, schedule } = await scheduled()
    await w.bus({ name: 'other', stores })
    await bus.send(new Note({ id: 'n' }), { delay: '1h' })
    await bus.stop()
    await w.clock.advance(day)
    expect(arrived).toEqual([])
    expect(schedule.rows('shop')).toHaveLength(1)
    expect(schedule.rows('other')).toEqual([])
  })
})

describe('a message that a handler delays', () => {
  async function placing(fail: (attempt: number) => boolean) {
    const base = await scheduled({ w: world() })
    const { w, schedule, transport, stores, arrived, at } = base
    await base.bus.stop()
    const start = () =>
      w.bus({
        transport,
        stores,
        handlers: [
          handle(Place, { retry: { immediate: 1, delayed: [] } }, async ({ id }, context) => {
            await context.send(new Note({ id }), { delay: '1h' })
            if (fail(context.attempt)) throw new Error('no')
            return { total: 1 }
          }),
          handle(Note, ({ id }) => void arrived.push(`${id} ${at()}`)),
        ],
      })
    return { w, bus: await start(), schedule, arrived, start }
  }

  it('is stored when the handler has succeeded', async () => {
    const { w, bus, schedule, arrived } = await placing((attempt) => attempt === 1)
    await bus.send(new Place({ id: 'p' }))
    await w.clock.settle()
    expect(schedule.rows()).toHaveLength(1)
    await w.clock.advance(3_600_000)
    expect(arrived).toEqual(['p 3600'])
  })

  it('is not stored when the handler fails', async () => {
    const { w, bus, schedule } = await placing(() => true)
    await bus.send(new Place({ id: 'p' }))
    await w.clock.settle()
    expect(schedule.rows()).toEqual([])
    expect(w.deadLetters()).toHaveLength(1)
  })

  it('is stored once, also when its handler runs again in another instance', async () => {
    const { w, bus, schedule, arrived, start } = await placing(() => false)
    const crash = crashAt('before-settle')
    await bus.send(new Place({ id: 'p' }), { id: 'cause' })
    await crash.reached
    const [row] = schedule.rows()
    const runs = w.seen('handled')
    await start()
    await w.clock.advance(60_000)
    expect(runs).toMatchObject([{ handler: 'shop.place', outcome: 'accepted' }])
    expect(schedule.rows()).toEqual([row])
    await w.clock.advance(3_600_000)
    expect(arrived).toHaveLength(1)
  })
})
