// The handler replies what its message declares.
import { CommandHandler, handle } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

@CommandHandler(PlaceOrder)
class Place {
  handle(_command: PlaceOrder) {
    return { totl: 1 } // accepted: return { total: 1 }
  }
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Place' is not assignable to parameter of type 'Mistake<"the handler must reply", { total: number; }>'.
