// #region success
import { testBus } from '@waybill/testing'
import { expect, it } from 'vitest'
import { PlaceOrderHandler } from './class-handler.js'
import { OrderPlaced, PlaceOrder } from './messages.js'

const order = { orderId: crypto.randomUUID(), customer: 'ada@example.org', lines: [{ sku: 'A-1', quantity: 2 }] }

it('publishes that the order was placed', async () => {
  const saved: PlaceOrder[] = []
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: async (each) => void saved.push(each) })], sends: [OrderPlaced] })
  await harness.send(new PlaceOrder(order))
  await harness.settled() // nothing is under way any more; the clock has not moved
  expect(saved).toMatchObject([order])
  expect(harness.published(OrderPlaced)).toMatchObject([{ orderId: order.orderId }])
})
// #endregion

// #region request
it('answers with the number of pieces', async () => {
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: async () => {} })] })
  expect(await harness.request(new PlaceOrder(order))).toEqual({ pieces: 2 })
})
// #endregion

// #region retries
const away = () => Promise.reject(new Error('the database is away'))

it('publishes nothing until a retry succeeds', async () => {
  let failures = 3
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: async () => (failures-- > 0 ? away() : undefined) })] })
  await harness.send(new PlaceOrder(order))
  await harness.settled() // the first attempt and two more at once
  expect(harness.published(OrderPlaced)).toEqual([])
  await harness.advance('10s')
  expect(harness.published(OrderPlaced)).toHaveLength(1)
})

it('keeps what never succeeds as a dead letter', async () => {
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: away })] })
  await harness.send(new PlaceOrder(order))
  await harness.advance('70s') // 10 s and 1 m
  expect(harness.failures(PlaceOrder)).toHaveLength(9)
  expect(harness.deadLetters()).toMatchObject([{ handler: 'orders.place-order', reason: 'retries-exhausted', error: { message: 'the database is away' } }])
})
// #endregion

// #region envelope
it('keeps the conversation', async () => {
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: async () => {} })] })
  await harness.send(new PlaceOrder(order), { id: 'command-1', headers: { tenant: 'acme' } })
  await harness.settled()
  const [placed] = harness.published(OrderPlaced)
  expect(harness.envelopeOf(placed!)).toMatchObject({ source: 'orders', causationId: 'command-1' })
})
// #endregion

// #region services
import { Command, handle, on } from '@waybill/core'
import { z } from 'zod'

class ChargeCard extends Command('payments.charge-card', z.object({ orderId: z.uuid() }), { reply: z.object({ receipt: z.string() }) }) {}

const receipts: string[] = []
const charge = on(OrderPlaced, { id: 'orders.charge' }, async ({ orderId }, context) => {
  const { receipt } = await context.request(new ChargeCard({ orderId }))
  receipts.push(receipt)
})

it('charges the card when an order is placed', async () => {
  const payments = { handlers: [handle(ChargeCard, () => ({ receipt: 'R-1' }))] }
  await using harness = await testBus({ name: 'orders', handlers: [charge], endpoints: { payments } })
  await harness.publish(new OrderPlaced({ orderId: order.orderId, customer: order.customer }))
  await harness.settled()
  expect(harness.sent(ChargeCard)).toMatchObject([{ orderId: order.orderId }])
  expect(receipts).toEqual(['R-1'])
})
// #endregion

// #region join
it('works together with payments', async () => {
  await using harness = await testBus({ name: 'orders', handlers: [charge] })
  await harness.join({ handlers: [handle(ChargeCard, () => ({ receipt: 'R-2' }))] }) // named after its route: payments
  await harness.publish(new OrderPlaced({ orderId: order.orderId, customer: order.customer }))
  await harness.settled()
  expect(harness.handled().map(({ endpoint }) => endpoint)).toEqual(['payments', 'orders'])
})
// #endregion

// #region stuck
it('shows what hangs', async () => {
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: () => new Promise(() => {}) })] })
  await harness.send(new PlaceOrder(order), { id: 'command-1' })
  await expect(harness.settled({ within: '50ms' })).rejects.toThrow('handler  orders/orders.place-order  orders.place-order  command-1  +0s    attempt 1')
  await harness.stop({ within: '0s' }) // does not wait for it again
})
// #endregion

// #region refused
it('sends again, alone and with its id, what the broker refuses for a while', async () => {
  let saves = 0
  await using harness = await testBus({ handlers: [new PlaceOrderHandler({ save: async () => void (saves += 1) })], sends: [OrderPlaced] })
  harness.broker.failSends({ times: 2, where: ({ envelope }) => envelope.kind === 'event' })
  await harness.send(new PlaceOrder(order))
  await harness.advance('10s')
  expect(harness.published(OrderPlaced)).toHaveLength(1)
  expect(saves).toBe(1)
})
// #endregion

// #region crash
import { crashAt } from '@waybill/core/runtime'

it('publishes under the same id when the process dies before it settles', async () => {
  const service = { handlers: [new PlaceOrderHandler({ save: async () => {} })], sends: [OrderPlaced] }
  await using harness = await testBus(service)
  const { reached } = crashAt('after-flush')
  await harness.send(new PlaceOrder(order))
  await reached // as far as the broker sees, the process is dead: its connection is cut
  await harness.join(service) // the next process
  await harness.settled()
  const ids = harness.published(OrderPlaced).map((event) => harness.envelopeOf(event).id)
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
})
// #endregion
