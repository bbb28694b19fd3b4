// A message is no handler.
import { createBus, on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

createBus({ name: 'orders', handlers: [OrderPlaced] }) // accepted: createBus({ name: 'orders', handlers: [on(OrderPlaced, { id: 'x' }, () => {})] })

// expect
// TS2322: Type 'typeof OrderPlaced' is not assignable to type 'HandlerEntry'.
//   Type 'typeof OrderPlaced' is not assignable to type '{ readonly kind?: never; }'.
//     Types of property 'kind' are incompatible.
//       Type '"event"' is not assignable to type 'never'.
