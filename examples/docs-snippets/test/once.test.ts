import { expect, it } from 'vitest'
import { PlaceOrder } from '../src/messages.js'
import { bus, open, placed, placeTwice } from '../src/once.js'

const order = (): PlaceOrder => new PlaceOrder({ orderId: crypto.randomUUID(), customer: 'Ada', lines: [{ sku: 'pen', quantity: 3 }] })

it('handles a request once and answers it twice', async () => {
  const command = order()
  await bus.start()
  expect(await placeTwice(command)).toEqual([3, 3])
  await bus.stop()
  expect(placed).toEqual([command.orderId])
})

it('takes a store of its own', async () => {
  await open.start()
  expect(await open.request(order(), {})).toEqual({ pieces: 3 })
  await open.stop()
  expect((await open.describe()).endpoints[0]?.handlers[0]?.pipeline).toContain('idempotency')
})
