// Where types are emitted, a method needs no argument.
// only: legacy
import { CommandHandler, EventHandler, QueryHandler } from '@waybill/core'
import { PlaceOrder, GetOrder, OrderPlaced, Scan } from '../../orders.js'

class Orders {
  @CommandHandler() async place(_command: PlaceOrder) {
    return { total: 1 }
  }
  @QueryHandler() async get(query: GetOrder) {
    return { orderId: query.orderId, total: 1 }
  }
  @EventHandler() async placed(_event: OrderPlaced) {}
  @CommandHandler() async scan(_scan: Scan) {}
}
