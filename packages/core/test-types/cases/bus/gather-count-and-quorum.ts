// A gather is released by a count or by a quorum, not by both.
import type { Bus } from '@waybill/core'
import { GetOrder } from '../../orders.js'

declare const bus: Bus
void bus.gather(new GetOrder({ orderId: '' }), { from: ['a'], count: 1, quorum: 1 }) // accepted: void bus.gather(new GetOrder({ orderId: '' }), { from: ['a'], quorum: 1 })

// expect
// TS2345: Argument of type '{ from: "a"[]; count: number; quorum: number; }' is not assignable to parameter of type 'GatherOptions<"a">'.
//   Types of property 'quorum' are incompatible.
//     Type 'number' is not assignable to type 'undefined'.
