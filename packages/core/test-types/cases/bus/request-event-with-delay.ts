// Who waits for an event does not delay the command.
import type { Bus } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from '../../orders.js'

declare const bus: Bus
void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced, delay: '5s' }) // accepted: void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced, timeout: '5s' })

// expect
// TS2353: Object literal may only specify known properties, and 'delay' does not exist in type 'RequestEventOptions<typeof OrderPlaced, never>'.
