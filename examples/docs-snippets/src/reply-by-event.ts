// #region bus
import { createBus, Event } from '@waybill/core'
import { z } from 'zod'
import { OrderPlaced, PlaceOrder } from './messages.js'

export class OrderRejected extends Event('orders.order-rejected', z.object({ orderId: z.uuid(), reason: z.string() })) {}

export const checkout = createBus({ name: 'checkout', transport: 'memory:checkout', awaits: [OrderPlaced, OrderRejected] })
// #endregion

// #region request
export async function place(order: ConstructorParameters<typeof PlaceOrder>[0]) {
  const answer = await checkout.requestEvent(new PlaceOrder(order), { success: OrderPlaced, failure: OrderRejected, timeout: '10s' })
  switch (answer.outcome) {
    case 'success':
      return { status: 201, orderId: answer.event.orderId }
    case 'failure':
      return { status: 409, reason: answer.event.reason }
  }
}
// #endregion
