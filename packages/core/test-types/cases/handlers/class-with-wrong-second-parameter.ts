// The second parameter is the context.
import { CommandHandler, handle, type MessageContext } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

@CommandHandler(PlaceOrder)
class Place {
  handle(_command: PlaceOrder, _tenant: string) { // accepted: handle(_command: PlaceOrder, _context: MessageContext) {
    return { total: 1 }
  }
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Place' is not assignable to parameter of type 'Mistake<"the second parameter must be", MessageContext>'.
