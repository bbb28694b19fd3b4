// A base may be made for any event.
import { type AnyEventClass, EventHandler, type MessageOf } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

function Projection<T extends AnyEventClass>(type: T) {
  abstract class ProjectionOf {
    abstract apply(event: MessageOf<T>): void
    @EventHandler(type) async project(event: MessageOf<T>) {
      this.apply(event)
    }
  }
  return ProjectionOf
}
class OrderProjection extends Projection(OrderPlaced) {
  apply(event: OrderPlaced) {
    event.orderId
  }
}
