// A number is no handler.
import { createBus } from '@waybill/core'

createBus({ name: 'orders', handlers: [5] }) // accepted: createBus({ name: 'orders', handlers: [] })

// expect
// TS2322: Type 'number' is not assignable to type 'HandlerEntry'.
//   Type 'number' is not assignable to type 'object'.
