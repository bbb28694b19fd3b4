import { Command, Event } from '@waybill/core'
import { z } from 'zod'

export class ShipOrder extends Command('shipping.ship-order', z.object({ orderId: z.uuid(), cents: z.int() }), { key: 'orderId' }) {}
export class OrderShipped extends Event('shipping.order-shipped', z.object({ orderId: z.uuid(), cents: z.int(), parcel: z.string() }), { key: 'orderId' }) {}
