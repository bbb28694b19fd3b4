// A getter is no handler.
import { CommandHandler } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

class Orders {
  @CommandHandler(CancelOrder)
  get cancel() { return 5 } // accepted: cancel(_command: CancelOrder) {}
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<number>' is not assignable to parameter of type 'readonly ["decorate a method, not", number]'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '() => number' is not assignable to parameter of type 'Mistake<"decorate a method, not a", "getter">'.
