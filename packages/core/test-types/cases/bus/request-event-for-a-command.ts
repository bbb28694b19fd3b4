// What answers is an event.
import type { Bus } from '@waybill/core'
import { CancelOrder, OrderPlaced, PlaceOrder } from '../../orders.js'

declare const bus: Bus
void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: CancelOrder }) // accepted: void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced })

// expect
// TS2322: Type 'typeof CancelOrder' is not assignable to type 'AnyEventClass | readonly AnyEventClass[]'.
//   Type 'typeof CancelOrder' is not assignable to type 'AnyEventClass'.
//     Types of property 'kind' are incompatible.
//       Type '"command"' is not assignable to type '"event"'.
