// handle of a decorated class is public.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler(CancelOrder)
class Cancel {
  private handle(_command: CancelOrder) {} // accepted: handle(_command: CancelOrder) {}
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Cancel' is not assignable to parameter of type 'Mistake<"the class needs a public method", "handle">'.
