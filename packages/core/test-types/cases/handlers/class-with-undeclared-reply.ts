// A reply is declared by the message.
import { CommandHandler, handle } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

@CommandHandler(CancelOrder)
class Cancel {
  async handle(_command: CancelOrder) {
    return 5 // accepted: return
  }
}

// expect
// TS1238: Unable to resolve signature of class decorator when called as an expression.
//   Argument of type 'typeof Cancel' is not assignable to parameter of type 'Mistake<"the handler must return nothing, it returns", number>'.
