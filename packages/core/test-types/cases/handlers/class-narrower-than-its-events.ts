// The parameter is as wide as the list of events.
import { EventHandler, handle } from '@waybill/core'
import { OrderPlaced, OrderCancelled } from '../../orders.js'

@EventHandler([OrderPlaced, OrderCancelled])
class Both {
  handle(_event: OrderPlaced) {} // accepted: handle(_event: OrderPlaced | OrderCancelled) {}
}

// expect typescript 7
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Both' is not assignable to parameter of type 'Mistake<"the first parameter must be", OrderCancelled | OrderPlaced>'.

// expect typescript 6
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Both' is not assignable to parameter of type 'Mistake<"the first parameter must be", OrderPlaced | OrderCancelled>'.
