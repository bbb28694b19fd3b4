// The event that answers is known by its outcome; without a declared failure there is none.
import type { Bus, MessageContext } from '@waybill/core'
import { CancelOrder, OrderCancelled, OrderPlaced, PlaceOrder, Scan } from '../../orders.js'
import { same } from '../../same.js'

declare const bus: Bus
export async function use(context: MessageContext) {
  const answer = await bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced, failure: [OrderCancelled], timeout: '5s' })
  if (answer.outcome === 'success') same<typeof answer.event, OrderPlaced>(true)
  else same<typeof answer.event, OrderCancelled>(true)
  const { outcome, event } = await context.requestEvent(new CancelOrder({ orderId: '' }), { success: OrderCancelled, expiresIn: '1m', id: 'x' })
  same<typeof outcome, 'success'>(true)
  same<typeof event, OrderCancelled>(true)
  const either = await bus.requestEvent(new Scan('x'), { success: [OrderPlaced, OrderCancelled] })
  same<typeof either.event, OrderPlaced | OrderCancelled>(true)
}
