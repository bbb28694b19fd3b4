// An event is no command.
import { CommandHandler, EventHandler, handle } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

@CommandHandler(OrderPlaced) // accepted: @EventHandler(OrderPlaced)
class Placed {
  handle(_event: OrderPlaced) {}
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Placed' is not assignable to parameter of type 'Mistake<"the first parameter must be", Sendable>'.
// TS2345: Argument of type 'typeof OrderPlaced' is not assignable to parameter of type 'AnyCommandClass'.
//   Types of property 'kind' are incompatible.
//     Type '"event"' is not assignable to type '"command" | "document"'.
