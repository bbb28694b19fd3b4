// What declares no reply cannot be gathered.
import type { Bus } from '@waybill/core'
import { CancelOrder, PlaceOrder } from '../../orders.js'

declare const bus: Bus
void bus.gather(new CancelOrder({ orderId: '' }), { from: ['a'] }) // accepted: void bus.gather(new PlaceOrder({ orderId: '', lines: [] }), { from: ['a'] })

// expect
// TS2345: Argument of type 'CancelOrder' is not assignable to parameter of type 'Answerable'.
//   Types of property '[reply]' are incompatible.
//     Type 'void' is not assignable to type '{} | null'.
