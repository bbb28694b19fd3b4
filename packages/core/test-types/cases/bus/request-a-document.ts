// A document has no reply.
import type { Bus } from '@waybill/core'
import { Scan } from '../../orders.js'

declare const bus: Bus
void bus.request(new Scan('')) // accepted: void bus.send(new Scan(''))

// expect
// TS2345: Argument of type 'Scan' is not assignable to parameter of type 'Answerable'.
//   Types of property '[kind]' are incompatible.
//     Type '"document"' is not assignable to type '"command" | "query"'.
