// #region messages
import { Command, Event } from '@waybill/core'
import { z } from 'zod'

const Line = z.object({ sku: z.string(), quantity: z.int().min(1) })

export class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.uuid(), customer: z.string(), lines: z.array(Line).min(1) }), {
  reply: z.object({ pieces: z.number() }),
}) {
  get pieces() {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0)
  }
}

export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.uuid(), customer: z.string() })) {}
// #endregion
