// A command is no event.
import { CommandHandler, EventHandler, handle } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

@EventHandler(PlaceOrder) // accepted: @CommandHandler(PlaceOrder)
class Place {
  handle(_command: PlaceOrder) {
    return { total: 1 }
  }
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Place' is not assignable to parameter of type 'Mistake<"the first parameter must be", AnyEvent>'.
// TS2345: Argument of type 'typeof PlaceOrder' is not assignable to parameter of type 'AnyEventClass | readonly AnyEventClass[]'.
//   Type 'typeof PlaceOrder' is not assignable to type 'AnyEventClass'.
//     Types of property 'kind' are incompatible.
//       Type '"command"' is not assignable to type '"event"'.
