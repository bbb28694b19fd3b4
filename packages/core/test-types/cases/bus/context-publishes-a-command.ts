// The verbs of a handler are those of the bus.
import type { MessageContext } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

export const relay = (context: MessageContext) => context.publish(new CancelOrder({ orderId: '' })) // accepted: export const relay = (context: MessageContext) => context.send(new CancelOrder({ orderId: '' }))

// expect
// TS2345: Argument of type 'CancelOrder' is not assignable to parameter of type 'Event<string>'.
//   Types of property '[kind]' are incompatible.
//     Type '"command"' is not assignable to type '"event"'.
