// The method replies what its message declares.
import { CommandHandler } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

class Orders {
  @CommandHandler(PlaceOrder)
  async place(_command: PlaceOrder) {
    return { totl: 1 } // accepted: return { total: 1 }
  }
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_command: PlaceOrder) => Promise<{ totl: number; }>>' is not assignable to parameter of type 'readonly ["the handler must reply", { total: number; }]'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_command: PlaceOrder) => Promise<{ totl: number; }>' is not assignable to parameter of type 'Mistake<"the handler must reply", { total: number; }>'.
