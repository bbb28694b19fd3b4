import { createBus } from '@waybill/core'
import { memoryBroker } from '@waybill/core/memory'
import { observe } from '@waybill/core/runtime'
import { PlaceOrder } from './messages.js'
import { PlaceOrderHandler } from './place-order-handler.js'
import { SendInvoice } from './send-invoice.js'

const transport = 'memory:shop'
const orders = createBus({ name: 'orders', transport, handlers: [PlaceOrderHandler] })
const billing = createBus({ name: 'billing', transport, handlers: [SendInvoice] })
await billing.start()
await orders.start()

const buried = new Promise((resolve) => void observe('deadLetter', resolve))
await orders.request(new PlaceOrder({ orderId: crypto.randomUUID(), total: 99 }))
await orders.request(new PlaceOrder({ orderId: crypto.randomUUID(), total: 4000 }))
await buried

for (const { headers } of memoryBroker('shop').deadLetters('billing')) {
  console.log(`dead letter: ${headers['ce_type']} after ${headers['waybill-dead-letter-attempts']} attempts: ${headers['waybill-dead-letter-error-message']}`)
}
await orders.stop()
await billing.stop()
