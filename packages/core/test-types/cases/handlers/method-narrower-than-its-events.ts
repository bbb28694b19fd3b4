// The parameter is as wide as the list of events.
import { EventHandler } from '@waybill/core'
import { OrderPlaced, OrderCancelled } from '../../orders.js'

class Billing {
  @EventHandler([OrderPlaced, OrderCancelled])
  async both(_event: OrderPlaced) {} // accepted: async both(_event: OrderPlaced | OrderCancelled) {}
}

// expect legacy, typescript 7
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_event: OrderPlaced) => Promise<void>>' is not assignable to parameter of type 'readonly ["the first parameter must be", OrderCancelled | OrderPlaced]'.

// expect legacy, typescript 6
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_event: OrderPlaced) => Promise<void>>' is not assignable to parameter of type 'readonly ["the first parameter must be", OrderPlaced | OrderCancelled]'.

// expect standard, typescript 7
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_event: OrderPlaced) => Promise<void>' is not assignable to parameter of type 'Mistake<"the first parameter must be", OrderCancelled | OrderPlaced>'.

// expect standard, typescript 6
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_event: OrderPlaced) => Promise<void>' is not assignable to parameter of type 'Mistake<"the first parameter must be", OrderPlaced | OrderCancelled>'.
