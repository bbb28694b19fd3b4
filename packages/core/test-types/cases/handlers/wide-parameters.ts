// The parameter may be wider than the events.
import { type AnyMessage, EventHandler, type MessageContext } from '@waybill/core'
import { OrderPlaced, OrderCancelled } from '../../orders.js'

class Billing {
  @EventHandler([OrderPlaced, OrderCancelled]) async both(_event: OrderPlaced | OrderCancelled, _context: MessageContext) {}
  @EventHandler([OrderPlaced, OrderCancelled]) async wide(_event: AnyMessage) {}
  @EventHandler([OrderPlaced, OrderCancelled]) async shape(_event: { readonly orderId: string }) {}
}
