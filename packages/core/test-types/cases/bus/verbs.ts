// Each verb takes its kind, and request knows the reply.
import type { Bus, MessageContext } from '@waybill/core'
import { PlaceOrder, CancelOrder, GetOrder, OrderPlaced, Scan } from '../../orders.js'
import { same } from '../../same.js'

declare const bus: Bus
export async function use(context: MessageContext) {
  await bus.send(new PlaceOrder({ orderId: '', lines: [] }), { delay: '5s', id: 'x' })
  await bus.send(Math.random() > 0.5 ? new PlaceOrder({ orderId: '', lines: [] }) : new CancelOrder({ orderId: '' }))
  await bus.send(new Scan('x'), { key: 'a' })
  await bus.publish(new OrderPlaced({ orderId: '' }), { key: 'x', headers: { a: 'b' }, dispatch: 'immediately' })
  const reply = await bus.request(new PlaceOrder({ orderId: '', lines: [] }), { timeout: '5s' })
  same<typeof reply, { total: number }>(true)
  const view = await context.request(new GetOrder({ orderId: '' }))
  same<typeof view, { orderId: string; total: number }>(true)
}
