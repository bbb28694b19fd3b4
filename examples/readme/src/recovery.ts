// #region policy
import { deadLetter, EventHandler, UnrecoverableError, when } from '@waybill/core'
import { OrderPlaced } from './messages.js'

export class GatewayTimeout extends Error {}
export class CardDeclined extends Error {}

const retry = when(GatewayTimeout).retryNow(2).retryAfter('10s', '1m', '10m').lastly(deadLetter()).or(when(CardDeclined).lastly(deadLetter()))

@EventHandler(OrderPlaced, { id: 'payments.charge-card', retry })
export class ChargeCard {
  async handle({ orderId, pieces }: OrderPlaced) {
    if (pieces > 1000) throw new UnrecoverableError(`Order ${orderId} is too large for a card`)
    await charge(orderId)
  }
}
// #endregion

/** What the card's provider answers, one after the other; then it works. */
export const answers: Error[] = []
export const charged: string[] = []

async function charge(orderId: string): Promise<void> {
  const failure = answers.shift()
  if (failure !== undefined) throw failure
  charged.push(orderId)
  await Promise.resolve()
}
