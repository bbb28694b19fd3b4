// A base may be generic, its subclass decorated.
import { Event, EventHandler, handle, type MessageContext } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

abstract class Base<E extends Event> {
  abstract handle(event: E, context: MessageContext): Promise<void>
}
@EventHandler(OrderPlaced)
class Derived extends Base<OrderPlaced> {
  async handle(_event: OrderPlaced) {}
}
