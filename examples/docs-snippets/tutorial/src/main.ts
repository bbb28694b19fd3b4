import { createBus } from '@waybill/core'
import { PlaceOrder } from './messages.js'
import { PlaceOrderHandler } from './place-order-handler.js'

const bus = createBus({ name: 'orders', transport: 'memory:', handlers: [PlaceOrderHandler] })
await bus.start()

const { number } = await bus.request(new PlaceOrder({ orderId: crypto.randomUUID(), total: 99 }))
console.log(`order number ${number}`)

await bus.stop()
