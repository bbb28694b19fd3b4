// What declares no reply is not requested.
import type { Bus } from '@waybill/core'
import { PlaceOrder, CancelOrder } from '../../orders.js'

declare const bus: Bus
void bus.request(new CancelOrder({ orderId: '' })) // accepted: void bus.request(new PlaceOrder({ orderId: '', lines: [] }))

// expect
// TS2345: Argument of type 'CancelOrder' is not assignable to parameter of type 'Answerable'.
//   Types of property '[reply]' are incompatible.
//     Type 'void' is not assignable to type '{} | null'.
