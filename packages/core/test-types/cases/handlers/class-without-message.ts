// A class has no parameter that a compiler would record.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler() // accepted: @CommandHandler(CancelOrder)
class Cancel {
  async handle(_command: CancelOrder) {}
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Cancel' is not assignable to parameter of type 'Mistake<"a class has no parameter to infer from: give the message to the decorator of", typeof Cancel>'.
