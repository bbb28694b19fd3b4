// What the cases handle and send.
import { Command, Document, Event, Query } from '@waybill/core'
import { z } from 'zod'

export const Line = z.object({ sku: z.string(), quantity: z.int().positive() })
export const Payment = z.discriminatedUnion('method', [
  z.object({ method: z.literal('card'), last4: z.string() }),
  z.object({ method: z.literal('sepa'), iban: z.string() }),
])
/** A text or a Date, never null or true: `z.coerce.date()` alone reads those as 1970. */
export const Instant = z.union([z.iso.datetime(), z.date()]).pipe(z.coerce.date())
export const BigText = z.codec(z.string(), z.bigint(), { decode: BigInt, encode: String })

export class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.uuid(), lines: z.array(Line).min(1) }), {
  reply: z.object({ total: z.number() }),
  key: (order) => order.orderId,
  version: 2,
}) {
  get count(): number {
    return this.lines.length
  }
}
export class CancelOrder extends Command('orders.cancel-order', z.object({ orderId: z.uuid() })) {}
export class GetOrder extends Query('orders.get-order', z.object({ orderId: z.uuid() }), {
  reply: z.object({ orderId: z.uuid(), total: z.number() }),
  key: 'orderId',
}) {}
export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.uuid() }), { version: 1 }) {}
export class OrderCancelled extends Event('orders.order-cancelled', z.object({ orderId: z.uuid() })) {}
export class Scan extends Document('scans.scan', { contentType: 'image/tiff' }) {}
