import { setTimeout } from 'node:timers/promises'
import { MessageContext } from '@waybill/core'
import { injectable } from 'inversify'
import type { OrderPlaced } from '../orders/messages.js'
import { CardDeclined, GatewayTimeout } from './card-errors.js'
import { Latency } from './latency.js'

/** Stands for a payment provider. The order says what it answers; only how long that takes is left to chance. */
@injectable()
export class CardGateway {
  constructor(
    private readonly latency: Latency,
    // A singleton may have it: it is the context of the message that is being handled, whichever that is.
    private readonly context: MessageContext,
  ) {}

  /** Resolves with the receipt. One message is charged once: its id is the idempotency key, so a redelivery gets the same receipt. */
  async charge({ card, timeouts, declined }: OrderPlaced['payment']): Promise<string> {
    const { id, attempt, signal } = this.context
    await setTimeout(this.latency.nextMs(), undefined, { signal })
    if (declined) throw new CardDeclined(`card *** ${card.slice(-4)} declined`)
    if (attempt <= timeouts) throw new GatewayTimeout('no answer from the card gateway')
    return `receipt-${id}`
  }
}
