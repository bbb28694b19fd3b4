import { CommandHandler, MessageContext } from '@waybill/core'
import { injectable } from 'inversify'
import { OrderPlaced, PlaceOrder } from './messages.js'

@injectable()
@CommandHandler(PlaceOrder)
export class PlaceOrderHandler {
  async handle({ orderId, total, payment }: PlaceOrder, context: MessageContext): Promise<void> {
    await context.publish(new OrderPlaced({ orderId, cents: total, payment }))
  }
}
