// An event has no reply.
import type { Bus } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

declare const bus: Bus
void bus.request(new OrderPlaced({ orderId: '' })) // accepted: void bus.publish(new OrderPlaced({ orderId: '' }))

// expect
// TS2345: Argument of type 'OrderPlaced' is not assignable to parameter of type 'Answerable'.
//   Types of property '[kind]' are incompatible.
//     Type '"event"' is not assignable to type '"command" | "query"'.
