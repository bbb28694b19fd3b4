import { Command, Document, Event, Query } from '@waybill/core'
import { z } from 'zod'

const order = z.object({ id: z.string() })
const total = z.object({ id: z.string(), total: z.number() })
const move = z.object({ item: z.string(), n: z.int() })

/** A command with a reply; it may be sent, too. */
export class PlaceOrder extends Command('orders.place', z.object({ id: z.string(), amount: z.number().default(1), note: z.string().optional() }), {
  reply: total,
}) {}
/** A command without a reply. */
export class CancelOrder extends Command('orders.cancel', order) {}
/** A second one, for what the first causes. */
export class ShipOrder extends Command('orders.ship', order) {}
/** A query. */
export class GetOrder extends Query('orders.get', order, { reply: total }) {}
/** An event; its topic is its type. */
export class OrderPlaced extends Event('orders.placed', z.object({ id: z.string(), amount: z.number().default(1) })) {}
/** A second one. */
export class OrderCancelled extends Event('orders.cancelled', order) {}
/** An ordered command; its endpoint is `stock`. */
export class MoveStock extends Command('stock.move', move, { key: 'item', ordered: true }) {}
/** An ordered event. */
export class StockMoved extends Event('stock.moved', move, { key: 'item', ordered: true }) {}
/** Bytes whose meaning the receiver decides. */
export class Attachment extends Document('orders.attachment') {}

/** `count` ids: `o1`, `o2`, … */
export const ids = (count: number, prefix = 'o'): readonly string[] => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)

/** A promise that a scenario resolves. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}
