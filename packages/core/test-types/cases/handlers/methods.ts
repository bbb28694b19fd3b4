// Several handlers in one class, private ones too.
import { EventHandler, type MessageContext, QueryHandler } from '@waybill/core'
import { GetOrder, OrderPlaced } from '../../orders.js'

class Billing {
  @EventHandler(OrderPlaced, { id: 'billing.invoice', formerIds: ['billing.bill'] }) async invoice(_event: OrderPlaced) {}
  @QueryHandler(GetOrder) async get(query: GetOrder) {
    return { orderId: query.orderId, total: 1 }
  }
  @EventHandler(OrderPlaced) private async hidden(_event: OrderPlaced, _context?: MessageContext) {}
}
