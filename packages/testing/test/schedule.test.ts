import { handle } from '@waybill/core'
import type { ScheduleStore } from '@waybill/core/contract'
import { memorySchedule } from '@waybill/core/memory'
import { expect, it } from 'vitest'
import { StuckError, testBus } from '../src/index.js'
import { ShipOrder, stopped } from './orders.js'

it('settles while messages wait in the schedule store, and runs them at their time', async () => {
  const schedule = memorySchedule()
  const harness = await stopped(testBus({ handlers: [handle(ShipOrder, () => undefined)], stores: { schedule } }))
  await harness.send(new ShipOrder({ orderId: 'A-1' }), { id: 'A-1', delay: '10h', cancelable: true })
  await harness.send(new ShipOrder({ orderId: 'A-2' }), { id: 'A-2', delay: '10h', cancelable: true })
  await harness.settled()
  expect(schedule.rows().map(({ id }) => id)).toEqual(['A-1', 'A-2'])
  expect(await harness.bus.cancel('A-2')).toBe('cancelled')
  await harness.advance('35999s')
  expect(harness.handled()).toEqual([])
  await harness.advance('1s')
  expect(harness.handled(ShipOrder).map(({ envelope }) => envelope.id)).toEqual(['A-1'])
  expect(harness.sent(ShipOrder)).toMatchObject([{ orderId: 'A-1' }])
})

it('needs less than a second for ten hours of messages that a schedule store keeps', async () => {
  const schedule = memorySchedule()
  const harness = await stopped(
    testBus({
      handlers: [
        handle(ShipOrder, { retry: { immediate: 0, delayed: ['1h'] } }, (_, { attempt }) => {
          if (attempt === 1) throw new Error('no van')
        }),
      ],
      stores: { schedule },
    }),
  )
  for (let minute = 1; minute <= 300; minute += 1) await harness.send(new ShipOrder({ orderId: String(minute) }), { delay: `${minute}m`, cancelable: true })
  const real = performance.now()
  await harness.advance('10h')
  expect(performance.now() - real).toBeLessThan(1_000)
  expect(harness.handled()).toHaveLength(300)
  expect(schedule.rows()).toEqual([])
})

it('says that a schedule store does not answer', async () => {
  const schedule = memorySchedule()
  const silent: ScheduleStore = {
    durability: 'process',
    add: () => new Promise(() => undefined),
    claim: (...given) => schedule.claim(...given),
    sent: (...given) => schedule.sent(...given),
    giveBack: (...given) => schedule.giveBack(...given),
    cancel: (...given) => schedule.cancel(...given),
  }
  const harness = await stopped(testBus({ name: 'orders', handlers: [handle(ShipOrder, () => undefined)], stores: { schedule: silent } }))
  harness.bus.send(new ShipOrder({ orderId: 'A-1' }), { delay: '1h', cancelable: true }).catch(() => undefined)
  const error: unknown = await harness.settled({ within: '5ms' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StuckError)
  expect((error as StuckError).stuck).toMatchObject([{ what: 'send', where: 'orders', note: '1 message, no answer from the schedule store' }])
})
