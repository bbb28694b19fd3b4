import { NotCancelableError } from '@waybill/core'
import { memorySchedule } from '@waybill/core/memory'
import { testBus } from '@waybill/testing'
import { expect, it } from 'vitest'
import { OrderPlaced } from '../src/messages.js'
import { bus, orderPaid, plan, remind, reminded } from '../src/reminders.js'

const placed = (orderId: string): OrderPlaced => new OrderPlaced({ orderId, customer: `${orderId}@example.org` })

it('reminds after thirty days, unless the order is paid before', async () => {
  const stores = { schedule: memorySchedule() }
  await using harness = await testBus({ name: 'reminders', handlers: [plan, remind], stores })
  const [paid, unpaid] = [crypto.randomUUID(), crypto.randomUUID()]
  await harness.publish(placed(paid))
  await harness.publish(placed(unpaid))
  await harness.settled()
  await harness.advance('29d')
  expect(reminded).toEqual([])
  expect(await orderPaid(harness.bus, paid)).toBe('it will never arrive')
  await harness.advance('1d')
  expect(reminded).toEqual([`${unpaid}@example.org`])
  expect(await orderPaid(harness.bus, unpaid)).toBe('it has left, or may have')
  await expect(orderPaid(harness.bus, crypto.randomUUID())).rejects.toThrow(NotCancelableError)
})

it('starts with a schedule store', async () => {
  await bus.start()
  expect((await bus.describe()).report?.rows.find(({ need }) => need === 'schedule')).toMatchObject({ provided: 'emulated' })
  await bus.stop()
})
