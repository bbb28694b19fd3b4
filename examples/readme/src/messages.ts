// #region messages
import { Command, Event, Query } from '@waybill/core'
import { z } from 'zod'

const Line = z.object({ sku: z.string(), quantity: z.int().min(1) })

export class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.uuid(), lines: z.array(Line).min(1) }), {
  reply: z.object({ pieces: z.number() }),
  key: 'orderId',
}) {
  get pieces(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0)
  }
}
export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.uuid(), pieces: z.number() })) {}
export class OrderCanceled extends Event('orders.order-canceled', z.object({ orderId: z.uuid() })) {}
export class GetOrder extends Query('orders.get-order', z.object({ orderId: z.uuid() }), {
  reply: z.object({ orderId: z.uuid(), status: z.enum(['placed', 'canceled', 'unknown']) }),
}) {}
// #endregion
