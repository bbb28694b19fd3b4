// A static method has no instance.
// only: legacy
import { CommandHandler } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

class Orders {
  @CommandHandler(CancelOrder)
  static cancel(_command: CancelOrder) {} // accepted: cancel(_command: CancelOrder) {}
}

// expect
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'typeof Orders' is not assignable to parameter of type 'Mistake<"decorate an instance method, not the static", "cancel">'.
