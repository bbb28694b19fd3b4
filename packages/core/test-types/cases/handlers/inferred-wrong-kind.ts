// The inferred message has the kind of the decorator.
// only: legacy
import { CommandHandler, EventHandler } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

class Orders {
  @CommandHandler() async place(_event: OrderPlaced) {} // accepted: @EventHandler() async place(_event: OrderPlaced) {}
}

// expect
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_event: OrderPlaced) => Promise<void>>' is not assignable to parameter of type 'readonly ["the first parameter must be", Sendable]'.
