// A query has its reply; events are caused by commands.
import type { Bus } from '@waybill/core'
import { GetOrder, OrderPlaced, PlaceOrder } from '../../orders.js'

declare const bus: Bus
void bus.requestEvent(new GetOrder({ orderId: '' }), { success: OrderPlaced }) // accepted: void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced })

// expect
// TS2345: Argument of type 'GetOrder' is not assignable to parameter of type 'Sendable'.
//   Types of property '[kind]' are incompatible.
//     Type '"query"' is not assignable to type '"command" | "document"'.
