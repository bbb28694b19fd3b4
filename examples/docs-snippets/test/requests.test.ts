import { createBus, handle } from '@waybill/core'
import { expect, it, onTestFinished } from 'vitest'
import { acme, anyPrice, bestPrice, bolt } from '../src/gather.js'
import { OrderPlaced, PlaceOrder } from '../src/messages.js'
import { checkout, OrderRejected, place } from '../src/reply-by-event.js'
import { getOrder, piecesOf, stock } from '../src/requests.js'
import { main, PlaceOrderSlowly } from '../src/service.js'
import { quietLogger } from './quiet-logger.js'

const order = { orderId: crypto.randomUUID(), customer: 'ada@example.org', lines: [{ sku: 'A-1', quantity: 2 }] }

it('asks for a reply, and knows a failure of the handler by its code', async () => {
  const bus = createBus({ name: 'orders', logger: quietLogger, handlers: [getOrder] })
  await bus.start()
  stock.set(order.orderId, 2)
  expect(await piecesOf(bus, order.orderId)).toBe(2)
  expect(await piecesOf(bus, crypto.randomUUID())).toBe(0)
  await bus.stop()
})

it('gathers what some endpoints answer', async () => {
  const shop = createBus({ name: 'shop', transport: 'memory:market', logger: quietLogger })
  for (const bus of [acme, bolt, shop]) {
    await bus.start()
    onTestFinished(async () => void (await bus.stop()))
  }
  expect(await bestPrice(shop, 'A-1')).toEqual({ cents: 990, without: ['coyote'] })
  expect([990, 1_090]).toContain(await anyPrice(shop, 'A-1'))
})

it('waits for the event that a command causes', async () => {
  const bus = createBus({
    name: 'orders',
    transport: 'memory:checkout',
    logger: quietLogger,
    handlers: [
      handle(PlaceOrder, async ({ orderId, customer, pieces }, context) => {
        await context.publish(pieces > 5 ? new OrderRejected({ orderId, reason: 'too many' }) : new OrderPlaced({ orderId, customer }))
        return { pieces }
      }),
    ],
  })
  for (const each of [bus, checkout]) {
    await each.start()
    onTestFinished(async () => void (await each.stop()))
  }
  expect(await place(order)).toEqual({ status: 201, orderId: order.orderId })
  expect(await place({ ...order, lines: [{ sku: 'A-1', quantity: 6 }] })).toEqual({ status: 409, reason: 'too many' })
})

it('runs a service until a signal', async () => {
  const ended = main(new PlaceOrderSlowly({ reserve: async () => {} }))
  await new Promise((resolve) => void setImmediate(resolve))
  process.emit('SIGTERM', 'SIGTERM')
  await ended
  expect(process.exitCode).toBeUndefined()
})
