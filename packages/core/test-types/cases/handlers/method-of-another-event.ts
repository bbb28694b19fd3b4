// An event of the same shape is another event.
import { EventHandler } from '@waybill/core'
import { OrderPlaced, OrderCancelled } from '../../orders.js'

class Billing {
  @EventHandler(OrderPlaced) async placed(_event: OrderCancelled) {} // accepted: @EventHandler(OrderPlaced) async placed(_event: OrderPlaced) {}
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_event: OrderCancelled) => Promise<void>>' is not assignable to parameter of type 'readonly ["the first parameter must be", OrderPlaced]'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_event: OrderCancelled) => Promise<void>' is not assignable to parameter of type 'Mistake<"the first parameter must be", OrderPlaced>'.
