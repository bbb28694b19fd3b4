// A command is sent.
import type { Bus } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

declare const bus: Bus
void bus.publish(new CancelOrder({ orderId: '' })) // accepted: void bus.send(new CancelOrder({ orderId: '' }))

// expect
// TS2345: Argument of type 'CancelOrder' is not assignable to parameter of type 'Event<string>'.
//   Types of property '[kind]' are incompatible.
//     Type '"command"' is not assignable to type '"event"'.
