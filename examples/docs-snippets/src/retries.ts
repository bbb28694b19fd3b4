import { createBus, deadLetter, EventHandler, on, when } from '@waybill/core'
import { OrderPlaced } from './messages.js'

export class GatewayTimeout extends Error {}
export class CardDeclined extends Error {}

// #region short
@EventHandler(OrderPlaced, { id: 'mail.confirm', retry: { immediate: 1, delayed: ['10s', '1m'] } })
export class ConfirmByMail {
  async handle(event: OrderPlaced) {
    await mail(event.customer)
  }
}
// #endregion

// #region words
export const payments = when(GatewayTimeout)
  .retryNow(2)
  .retryAfter('10s', '1m', '10m')
  .lastly(deadLetter())
  .or(when(CardDeclined, (error) => error.message.includes('limit')).lastly(deadLetter()))
// #endregion

export const mailed: string[] = []
async function mail(to: string): Promise<void> {
  mailed.push(to)
  await Promise.resolve()
}

// #region levels
export const bus = createBus({
  name: 'payments',
  retry: { immediate: 2, delayed: [] },
  handlers: [ConfirmByMail],
  endpoints: {
    'payments.cards': { retry: payments, handlers: [on(OrderPlaced, { id: 'payments.charge' }, () => undefined)] },
  },
})
// #endregion
