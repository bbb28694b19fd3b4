// #region methods
import { CommandHandler, EventHandler, MessageContext, QueryHandler } from '@waybill/core'
import { GetOrder, OrderCanceled, OrderPlaced, PlaceOrder } from './messages.js'

export class Orders {
  readonly #statuses = new Map<string, 'placed' | 'canceled'>()

  @CommandHandler(PlaceOrder)
  async place({ orderId, pieces }: PlaceOrder, context: MessageContext) {
    await context.publish(new OrderPlaced({ orderId, pieces }))
    return { pieces }
  }

  @EventHandler([OrderPlaced, OrderCanceled], { id: 'orders.statuses' })
  follow(event: OrderPlaced | OrderCanceled) {
    this.#statuses.set(event.orderId, event instanceof OrderPlaced ? 'placed' : 'canceled')
  }

  @QueryHandler(GetOrder)
  find({ orderId }: GetOrder) {
    return { orderId, status: this.#statuses.get(orderId) ?? ('unknown' as const) }
  }
}
// #endregion
