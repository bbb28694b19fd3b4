// An event is listened to.
import { handle, on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

handle(OrderPlaced, async () => {}) // accepted: on(OrderPlaced, { id: 'x' }, async () => {})

// expect typescript 7
// TS2345: Argument of type 'typeof OrderPlaced' is not assignable to parameter of type 'AnyHandledClass'.
//   Types of property 'kind' are incompatible.
//     Type '"event"' is not assignable to type '"command" | "document" | "query"'.

// expect typescript 6
// TS2345: Argument of type 'typeof OrderPlaced' is not assignable to parameter of type 'AnyHandledClass'.
//   Types of property 'kind' are incompatible.
//     Type '"event"' is not assignable to type '"command" | "query" | "document"'.
