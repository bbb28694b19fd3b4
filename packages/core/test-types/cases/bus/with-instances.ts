// An instance needs no container.
import { CommandHandler, createBus, EventHandler, handle } from '@waybill/core'
import { PlaceOrder, CancelOrder, GetOrder, OrderPlaced } from '../../orders.js'

@CommandHandler(PlaceOrder)
class Place {
  constructor(readonly rate: number) {}
  handle(_command: PlaceOrder) {
    return { total: this.rate }
  }
}
class Billing {
  @EventHandler(OrderPlaced) async placed(_event: OrderPlaced) {}
}
const found = [handle(GetOrder, (query) => ({ orderId: query.orderId, total: 1 }))]
createBus({ name: 'orders', handlers: [new Place(1), Billing, ...found], sends: [OrderPlaced, CancelOrder] })
