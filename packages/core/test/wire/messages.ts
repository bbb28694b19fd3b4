import { z } from 'zod'
import { Command, Document, Event, Query } from '../../src/index.js'

const Line = z.object({ sku: z.string(), quantity: z.number().int() })

export class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.string(), lines: z.array(Line) }), {
  reply: z.object({ total: z.number() }),
}) {}
export class ShipOrder extends Command('orders.ship-order', z.object({ orderId: z.string(), country: z.string() }), { key: 'orderId', version: 3 }) {}
export class GetOrder extends Query('orders.get-order', z.object({ orderId: z.string() }), { reply: z.object({ state: z.string() }) }) {}
export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.string(), note: z.string().optional() }), {
  topic: 'orders.life',
  version: 2,
  key: 'orderId',
}) {}
export class Label extends Document('orders.label', { contentType: 'text/plain; charset=utf-8' }) {}
export class Scan extends Document('orders.scan', { contentType: 'image/tiff', key: () => 'scans' }) {}
