import { deadLetter, EventHandler, MessageContext, when } from '@waybill/core'
import { injectable } from 'inversify'
import { OrderPlaced } from '../orders/messages.js'
import { CardDeclined, GatewayTimeout } from './card-errors.js'
import { CardGateway } from './card-gateway.js'
import { PaymentReceived } from './messages.js'

const retry = when(GatewayTimeout).retryAfter('50ms', '100ms').lastly(deadLetter()).or(when(CardDeclined).lastly(deadLetter()))

@injectable()
@EventHandler(OrderPlaced, { id: 'ChargeCard', retry })
export class ChargeCard {
  constructor(private readonly gateway: CardGateway) {}

  async handle({ orderId, cents, payment }: OrderPlaced, context: MessageContext): Promise<void> {
    const receipt = await this.gateway.charge(payment)
    await context.publish(new PaymentReceived({ orderId, cents, receipt }))
  }
}
