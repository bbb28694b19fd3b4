import { Command, Event } from '@waybill/core'
import { z } from 'zod'

export class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.uuid(), total: z.number().positive() }), {
  reply: z.object({ number: z.number() }),
}) {}

export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.uuid(), total: z.number() })) {}
