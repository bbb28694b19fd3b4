// What a bus awaits are events.
import { createBus } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from '../../orders.js'

createBus({ name: 'orders', awaits: [PlaceOrder] }) // accepted: createBus({ name: 'orders', awaits: [OrderPlaced] })

// expect
// TS2322: Type 'typeof PlaceOrder' is not assignable to type 'AnyEventClass'.
//   Types of property 'kind' are incompatible.
//     Type '"command"' is not assignable to type '"event"'.
