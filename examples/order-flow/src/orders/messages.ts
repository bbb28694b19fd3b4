import { Command, Event, Query } from '@waybill/core'
import { z } from 'zod'

const orderId = z.uuid('invalid UUID')
const Line = z.object({ sku: z.string().min(1), quantity: z.int().min(1), cents: z.int().min(0) })
/** What the card's gateway will do is part of the order, so that every run on a file ends the same. */
const Payment = z.object({ card: z.string().min(1), timeouts: z.int().min(0), declined: z.boolean() })

export class PlaceOrder extends Command(
  'orders.place-order',
  z.object({ orderId, customer: z.string().min(1), lines: z.array(Line).min(1, 'expected at least 1 item'), payment: Payment }),
  { key: 'orderId' },
) {
  get total(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity * line.cents, 0)
  }
}

export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId, cents: z.int(), payment: Payment }), { key: 'orderId' }) {}

export const statuses = ['placed', 'paid', 'shipped'] as const
export class GetOrder extends Query('orders.get-order', z.object({ orderId }), {
  reply: z.object({ orderId, cents: z.int(), status: z.enum(statuses) }),
}) {}
