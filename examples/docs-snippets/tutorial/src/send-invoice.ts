import { EventHandler, MessageContext } from '@waybill/core'
import { OrderPlaced } from './messages.js'

@EventHandler(OrderPlaced, { id: 'billing.send-invoice', retry: { immediate: 1, delayed: ['50ms'] } })
export class SendInvoice {
  async handle({ total }: OrderPlaced, context: MessageContext) {
    if (total > 1000) throw new Error('the printer has no paper')
    console.log(`invoice over ${total}, attempt ${context.attempt}`)
  }
}
