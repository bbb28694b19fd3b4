import { CommandHandler, MessageContext } from '@waybill/core'
import { injectable } from 'inversify'
import { OrderShipped, ShipOrder } from './messages.js'

@injectable()
@CommandHandler(ShipOrder)
export class ShipOrderHandler {
  // A dependency like any other; the same context is the second parameter of `handle`.
  constructor(private readonly context: MessageContext) {}

  async handle({ orderId, cents }: ShipOrder): Promise<void> {
    await this.context.publish(new OrderShipped({ orderId, cents, parcel: `parcel-${this.context.id}` }))
  }
}
