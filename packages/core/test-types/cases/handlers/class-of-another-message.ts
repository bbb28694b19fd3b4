// The handler takes the message that its decorator names.
import { CommandHandler, handle } from '@waybill/core'
import { PlaceOrder, OrderPlaced } from '../../orders.js'

@CommandHandler(PlaceOrder)
class Place {
  handle(_event: OrderPlaced) { // accepted: handle(_event: PlaceOrder) {
    return { total: 1 }
  }
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Place' is not assignable to parameter of type 'Mistake<"the first parameter must be", PlaceOrder>'.
