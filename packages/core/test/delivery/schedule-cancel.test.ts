import { describe, expect, it } from 'vitest'
import { handle } from '../../src/index.js'
import type { ScheduleStore } from '../../src/contract/index.js'
import { memory, memorySchedule } from '../../src/memory/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { gate, Note, Place, Placed, world, type World } from '../support/service.js'

const later = { id: 'chosen', delay: '1h', cancelable: true } as const
const hour = 3_600_000

async function cancelable(w: World = world(), store: (own: ScheduleStore) => ScheduleStore = (own) => own) {
  const schedule = memorySchedule()
  const arrived: string[] = []
  const transport = memory({ broker: w.broker })
  const stores = { schedule: store(schedule) }
  const handlers = [handle(Note, ({ id }) => void arrived.push(id))]
  const bus = await w.bus({ transport, stores, handlers })
  return { w, schedule, arrived, bus, transport, stores, handlers }
}

describe('a message that is cancelled', () => {
  it('never arrives, although the broker could have delayed it', async () => {
    const { w, bus, arrived, schedule } = await cancelable()
    await bus.send(new Note({ id: 'n' }), later)
    expect(w.broker.depth('shop').delayed).toBe(0)
    expect(await bus.cancel('chosen')).toBe('cancelled')
    expect(await bus.cancel('chosen')).toBe('cancelled')
    await w.clock.advance(2 * hour)
    expect(arrived).toEqual([])
    expect(schedule.rows()).toEqual([])
  })

  it('never arrives by an instance that starts later', async () => {
    const { w, bus, arrived, transport, stores, handlers } = await cancelable()
    await bus.send(new Note({ id: 'n' }), later)
    await bus.cancel('chosen')
    await bus.stop()
    await w.bus({ transport, stores, handlers })
    await w.clock.advance(2 * hour)
    expect(arrived).toEqual([])
  })

  it('can be sent again under its id, at another time', async () => {
    const { w, bus, arrived } = await cancelable()
    await bus.send(new Note({ id: 'first' }), later)
    await bus.cancel('chosen')
    await bus.send(new Note({ id: 'second' }), { ...later, delay: '2h' })
    await w.clock.advance(2 * hour - 1)
    expect(arrived).toEqual([])
    await w.clock.advance(1)
    expect(arrived).toEqual(['second'])
    expect(await bus.cancel('chosen')).toBe('too-late')
  })

  it('does not come back when its handler runs a second time', async () => {
    const w = world()
    const { schedule, arrived, transport, stores, handlers, bus: plain } = await cancelable(w)
    await plain.stop()
    const placing = handle(Place, async ({ id }, context) => {
      await context.send(new Note({ id }), { delay: '1h', cancelable: true })
      return { total: 1 }
    })
    const start = () => w.bus({ transport, stores, handlers: [...handlers, placing] })
    const crash = crashAt('before-settle')
    const bus = await start()
    await bus.send(new Place({ id: 'p' }))
    await crash.reached
    const [row] = schedule.rows()
    const again = await w.bus({ transport, stores, name: 'shop', handlers: [] })
    expect(await again.cancel(row?.id ?? '')).toBe('cancelled')
    const runs = w.seen('handled')
    await start()
    await w.clock.advance(2 * hour)
    expect(runs.filter(({ handler }) => handler === 'shop.place')).toHaveLength(1)
    expect(arrived).toEqual([])
  })

  it('does not come back under a chosen id when the handler that chose it runs a second time, and may be sent again by another message', async () => {
    const w = world()
    const { schedule, arrived, transport, stores, handlers, bus: plain } = await cancelable(w)
    await plain.stop()
    const plan = handle(Place, async ({ id }, context) => {
      await context.send(new Note({ id }), later)
      return { total: 1 }
    })
    const options = { transport, stores, handlers: [...handlers, plan] }
    const crash = crashAt('before-settle')
    const bus = await w.bus(options)
    await bus.send(new Place({ id: 'first' }))
    await crash.reached
    expect(await schedule.cancel('shop', 'chosen', w.clock.now())).toBe('cancelled')
    const again = await w.bus(options)
    await w.clock.settle()
    expect(schedule.rows()).toEqual([])
    await again.send(new Place({ id: 'second' }))
    await w.clock.advance(2 * hour)
    expect(arrived).toEqual(['second'])
  })

  it('is too late when it has left, and says so for a day', async () => {
    const { w, bus, arrived } = await cancelable()
    await bus.send(new Note({ id: 'n' }), later)
    await w.clock.advance(hour)
    expect(arrived).toEqual(['n'])
    expect(await bus.cancel('chosen')).toBe('too-late')
    await w.clock.advance(hour)
    expect(await bus.cancel('chosen')).toBe('too-late')
  })

  it('is too late as soon as it is claimed, and then it arrives', async () => {
    const { w, bus, arrived } = await cancelable()
    w.broker.holdSends()
    await bus.send(new Note({ id: 'n' }), later)
    await w.clock.advance(hour)
    expect(await bus.cancel('chosen')).toBe('too-late')
    w.broker.resumeSends()
    await w.clock.settle()
    expect(arrived).toEqual(['n'])
  })

  it.each(['cancel first', 'claim first'])('is one or the other when both come at the same moment: %s', async (order) => {
    const claim = gate()
    const cancelled = gate()
    const { w, bus, arrived } = await cancelable(world(), (own) => ({
      durability: own.durability,
      watch: (changed) => own.watch?.(changed) ?? (() => undefined),
      add: (...given) => own.add(...given),
      sent: (...given) => own.sent(...given),
      giveBack: (...given) => own.giveBack(...given),
      // The answers come late: what decides is what the store did first.
      claim: async (name, request) => {
        if (order === 'cancel first') await claim.opened
        const claimed = await own.claim(name, request)
        if (order === 'claim first') await claim.opened
        return claimed
      },
      cancel: async (...given) => {
        if (order === 'claim first') await cancelled.opened
        return own.cancel(...given)
      },
    }))
    if (order === 'claim first') claim.open()
    await bus.send(new Note({ id: 'n' }), later)
    await w.clock.advance(hour)
    const answer = bus.cancel('chosen')
    await w.clock.settle()
    claim.open()
    cancelled.open()
    await w.clock.settle()
    const expected = order === 'cancel first' ? { answer: 'cancelled', arrived: [] } : { answer: 'too-late', arrived: ['n'] }
    expect({ answer: await answer, arrived }).toEqual(expected)
  })

  it('can still be cancelled while the broker refuses it', async () => {
    const { w, bus, schedule, arrived } = await cancelable()
    const end = w.broker.failSends({ outcome: 'refused', retryable: false })
    await bus.send(new Note({ id: 'n' }), later)
    await w.clock.advance(hour)
    expect(schedule.rows()).toMatchObject([{ state: 'waiting', failures: 1 }])
    expect(await bus.cancel('chosen')).toBe('cancelled')
    end()
    await w.clock.advance(hour)
    expect(arrived).toEqual([])
  })

  it('can be cancelled from inside a handler, at once', async () => {
    const w = world()
    const { arrived, transport, stores, handlers, bus: plain } = await cancelable(w)
    await plain.stop()
    const answers: string[] = []
    const bus = await w.bus({
      transport,
      stores,
      handlers: [
        ...handlers,
        handle(Place, async ({ id }) => {
          answers.push(await bus.cancel(id))
          return { total: 1 }
        }),
      ],
    })
    await bus.send(new Note({ id: 'n' }), later)
    await bus.send(new Place({ id: 'chosen' }))
    await w.clock.advance(2 * hour)
    expect(answers).toEqual(['cancelled'])
    expect(arrived).toEqual([])
  })
})

describe('what cannot be cancelled', () => {
  it('is said by name: the bus has no schedule store', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Note, () => undefined)] })
    await expect(bus.cancel('chosen')).rejects.toMatchObject({ name: 'NotCancelableError', code: 'WAYBILL_NOT_CANCELABLE' })
    await expect(bus.cancel('chosen')).rejects.toThrow(
      'The message "chosen" cannot be cancelled: the bus has no schedule store. Start it with { stores: { schedule } }',
    )
    await expect(bus.send(new Note({ id: 'n' }), later)).rejects.toThrow(
      '{ cancelable } of "shop.note" cannot be true. Nothing could hold it back. Start the bus with a schedule store: { stores: { schedule } }',
    )
  })

  it('is said by name: the broker holds the message, not the store', async () => {
    const { bus } = await cancelable()
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', delay: '1h' })
    await expect(bus.cancel('chosen')).rejects.toThrow(
      'The message "chosen" cannot be cancelled: the schedule store of this bus has not held it within the last day. Send with { delay, cancelable: true }',
    )
  })

  it('is not taken for something that another bus has stored', async () => {
    const { w, bus, stores } = await cancelable()
    const other = await w.bus({ name: 'other', stores })
    await bus.send(new Note({ id: 'n' }), later)
    await expect(other.cancel('chosen')).rejects.toMatchObject({ code: 'WAYBILL_NOT_CANCELABLE' })
    expect(await bus.cancel('chosen')).toBe('cancelled')
  })

  it('has no delay: the option says what is missing', async () => {
    const { bus } = await cancelable()
    await expect(bus.send(new Note({ id: 'n' }), { cancelable: true })).rejects.toThrow(
      '{ cancelable } of "shop.note" cannot be true. Without a delay it leaves at once. Give it a { delay }',
    )
    await expect(bus.publish(new Placed({ id: 'n' }), { delay: '1s', cancelable: 'yes' as never })).rejects.toThrow(
      '{ cancelable } cannot be "yes". Use true or false',
    )
    await expect(bus.request(new Place({ id: 'n' }), { cancelable: true } as never)).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
  })

  it('is due at once: it passes through the store, so that the answer is too late', async () => {
    const { w, bus, arrived } = await cancelable()
    await bus.send(new Note({ id: 'n' }), { id: 'chosen', delay: '0s', cancelable: true })
    await w.clock.settle()
    expect(arrived).toEqual(['n'])
    expect(await bus.cancel('chosen')).toBe('too-late')
  })

  it('is a bus that is not started', async () => {
    const { bus } = await cancelable()
    await bus.stop()
    await expect(bus.cancel('chosen')).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
  })
})
