// An event has no reply.
import { EventHandler } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

class Billing {
  @EventHandler(OrderPlaced)
  async placed(_event: OrderPlaced) {
    return 5 // accepted: return
  }
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_event: OrderPlaced) => Promise<number>>' is not assignable to parameter of type 'readonly ["the handler must return nothing, it returns", number]'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_event: OrderPlaced) => Promise<number>' is not assignable to parameter of type 'Mistake<"the handler must return nothing, it returns", number>'.
