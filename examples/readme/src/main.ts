// #region readme
import { Command, CommandHandler, createBus, Event, MessageContext } from '@waybill/core'
import { z } from 'zod'

class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.uuid(), total: z.number() }), {
  reply: z.object({ number: z.number() }),
}) {}
class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.uuid() })) {}

@CommandHandler(PlaceOrder)
class PlaceOrderHandler {
  async handle(command: PlaceOrder, context: MessageContext) {
    await context.publish(new OrderPlaced({ orderId: command.orderId })) // leaves only if this handler succeeds
    return { number: 42 }
  }
}

const bus = createBus({
  name: 'orders',
  transport: process.env['WAYBILL_TRANSPORT'] ?? 'memory:',
  handlers: [PlaceOrderHandler],
  sends: [OrderPlaced],
})
await bus.start()
const { number } = await bus.request(new PlaceOrder({ orderId: crypto.randomUUID(), total: 99 }))
console.log(`order number ${number}`)
await bus.stop()
// #endregion
