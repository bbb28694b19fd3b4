// Compilers record no types for standard decorators.
// only: standard
import { CommandHandler } from '@waybill/core'
import { CancelOrder } from '../../orders.js'

class Orders {
  @CommandHandler() // accepted: @CommandHandler(CancelOrder)
  async cancel(_command: CancelOrder) {}
}

// expect
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_command: CancelOrder) => Promise<void>' is not assignable to parameter of type 'Mistake<"standard decorators know no types: give the decorator the class of", CancelOrder>'.
