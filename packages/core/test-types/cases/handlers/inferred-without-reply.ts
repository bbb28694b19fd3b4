// The inferred message says what is replied.
// only: legacy
import { CommandHandler } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

class Orders {
  @CommandHandler()
  async place(_command: PlaceOrder) {} // accepted: async place(_command: PlaceOrder) { return { total: 1 } }
}

// expect
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_command: PlaceOrder) => Promise<void>>' is not assignable to parameter of type 'readonly ["the handler must reply", { total: number; }]'.
