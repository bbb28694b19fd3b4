// The method takes the message that its decorator names.
import { CommandHandler } from '@waybill/core'
import { PlaceOrder, OrderPlaced } from '../../orders.js'

class Orders {
  @CommandHandler(PlaceOrder) place(_event: OrderPlaced) { // accepted: @CommandHandler(PlaceOrder) place(_event: PlaceOrder) {
    return { total: 1 }
  }
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_event: OrderPlaced) => { total: number; }>' is not assignable to parameter of type 'readonly ["the first parameter must be", PlaceOrder]'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_event: OrderPlaced) => { total: number; }' is not assignable to parameter of type 'Mistake<"the first parameter must be", PlaceOrder>'.
