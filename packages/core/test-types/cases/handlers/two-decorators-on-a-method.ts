// One method may handle two kinds.
import { CommandHandler, EventHandler } from '@waybill/core'
import { PlaceOrder, OrderPlaced } from '../../orders.js'

class Both {
  @CommandHandler(PlaceOrder) @EventHandler(OrderPlaced) two(_message: PlaceOrder | OrderPlaced): never {
    throw new Error()
  }
}
