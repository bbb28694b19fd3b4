// A query is requested.
import type { Bus } from '@waybill/core'
import { GetOrder } from '../../orders.js'

declare const bus: Bus
void bus.send(new GetOrder({ orderId: '' })) // accepted: void bus.request(new GetOrder({ orderId: '' }))

// expect
// TS2345: Argument of type 'GetOrder' is not assignable to parameter of type 'Sendable'.
//   Types of property '[kind]' are incompatible.
//     Type '"query"' is not assignable to type '"command" | "document"'.
