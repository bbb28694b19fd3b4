import { CommandHandler, MessageContext } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from './messages.js'

let lastNumber = 0

@CommandHandler(PlaceOrder)
export class PlaceOrderHandler {
  async handle({ orderId, total }: PlaceOrder, context: MessageContext) {
    await context.publish(new OrderPlaced({ orderId, total }))
    lastNumber += 1
    return { number: lastNumber }
  }
}
