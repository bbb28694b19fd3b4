// The function takes the event.
import { on } from '@waybill/core'
import { OrderPlaced, OrderCancelled } from '../../orders.js'

on(OrderPlaced, { id: 'x' }, async (_event: OrderCancelled) => {}) // accepted: on(OrderPlaced, { id: 'x' }, async (_event: OrderPlaced) => {})

// expect
// TS2345: Argument of type '(_event: OrderCancelled) => Promise<void>' is not assignable to parameter of type 'Handler<OrderPlaced>'.
//   Types of parameters '_event' and 'message' are incompatible.
//     Type 'OrderPlaced' is not assignable to type 'OrderCancelled'.
//       Types of property '[type]' are incompatible.
//         Type '"orders.order-placed"' is not assignable to type '"orders.order-cancelled"'.
