// Only who was asked can be missing.
import type { Bus } from '@waybill/core'
import { GetOrder } from '../../orders.js'

declare const bus: Bus
void bus.gather(new GetOrder({ orderId: '' }), { from: ['a', 'b'] }).then(({ replies }) => replies.find(({ from }) => from === 'c')) // accepted: void bus.gather(new GetOrder({ orderId: '' }), { from: ['a', 'b'] }).then(({ replies }) => replies.find(({ from }) => from === 'b'))

// expect
// TS2367: This comparison appears to be unintentional because the types '"a" | "b"' and '"c"' have no overlap.
