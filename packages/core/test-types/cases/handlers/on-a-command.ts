// A command is handled, not listened to.
import { on } from '@waybill/core'
import { CancelOrder, OrderCancelled } from '../../orders.js'

on(CancelOrder, { id: 'x' }, async () => {}) // accepted: on(OrderCancelled, { id: 'x' }, async () => {})

// expect
// TS2345: Argument of type 'typeof CancelOrder' is not assignable to parameter of type 'AnyEventClass | readonly AnyEventClass[]'.
//   Type 'typeof CancelOrder' is not assignable to type 'AnyEventClass'.
//     Types of property 'kind' are incompatible.
//       Type '"command"' is not assignable to type '"event"'.
