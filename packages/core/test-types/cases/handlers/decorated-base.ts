// A base may be decorated, its subclass does the work.
import { EventHandler, on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

abstract class Base {
  @EventHandler(OrderPlaced) async on(event: OrderPlaced) {
    await this.apply(event)
  }
  abstract apply(event: OrderPlaced): Promise<void>
}
class Concrete extends Base {
  async apply(_event: OrderPlaced) {}
}
