// #region class
import { CommandHandler, MessageContext } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from './messages.js'

export interface Orders {
  save(order: PlaceOrder): Promise<void>
}

@CommandHandler(PlaceOrder, { timeout: '10s', concurrency: 5, retry: { immediate: 2, delayed: ['10s', '1m'] } })
export class PlaceOrderHandler {
  readonly #orders: Orders

  constructor(orders: Orders) {
    this.#orders = orders
  }

  async handle(command: PlaceOrder, context: MessageContext) {
    await this.#orders.save(command)
    await context.publish(new OrderPlaced({ orderId: command.orderId, customer: command.customer }))
    return { pieces: command.pieces }
  }
}
// #endregion
