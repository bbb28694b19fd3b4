import { Command, CommandHandler, createBus, Event, handle, on, Query, type MessageContext } from '@waybill/core'
import { z } from 'zod'

class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.string() }), { reply: z.object({ number: z.number() }) }) {}
class CancelOrder extends Command('orders.cancel-order', z.object({ orderId: z.string() })) {}
class GetOrder extends Query('orders.get-order', z.object({ orderId: z.string() }), { reply: z.object({ state: z.string() }) }) {}
class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.string() })) {}

const seen: string[] = []
const audited = Promise.withResolvers<void>()
const cancelled = Promise.withResolvers<void>()

@CommandHandler(PlaceOrder, { retry: { immediate: 1, delayed: [] } })
class PlaceOrderHandler {
  async handle(command: PlaceOrder, context: MessageContext) {
    await context.publish(new OrderPlaced({ orderId: command.orderId }))
    if (context.attempt === 1) throw new Error('the first attempt fails, and what it published never leaves')
    return { number: context.attempt }
  }
}

const bus = createBus({
  name: 'orders',
  transport: chosen(process.env['WAYBILL_TRANSPORT']),
  logger: { trace() {}, debug() {}, info() {}, warn() {}, error: (_, message) => console.error(message) },
  handlers: [
    PlaceOrderHandler,
    handle(GetOrder, ({ orderId }) => ({ state: `${orderId} is placed` })),
    handle(CancelOrder, { retry: { immediate: 0, delayed: [] } }, ({ orderId }) => {
      seen.push(`sent: ${orderId}`)
      cancelled.resolve()
    }),
    on(OrderPlaced, { id: 'audit' }, ({ orderId }, { source }) => {
      seen.push(`published by ${source}: ${orderId}`)
      if (orderId === 'o-2') audited.resolve()
    }),
  ],
})

await bus.start()
console.log(`on ${bus.health().transport}`)
const { number } = await bus.request(new PlaceOrder({ orderId: 'o-1' }))
console.log(`requested: attempt ${number}`)
await bus.publish(new OrderPlaced({ orderId: 'o-2' }))
await audited.promise
await bus.send(new CancelOrder({ orderId: 'o-3' }))
await cancelled.promise
console.log(seen.join('\n'))
console.log(`requested: ${(await bus.request(new GetOrder({ orderId: 'o-1' }))).state}`)
const { unfinished } = await bus.stop()
console.log(`unfinished: ${unfinished.length}`)

/** A URL, or a block as JSON. */
function chosen(configured = 'memory:') {
  return configured.startsWith('{') ? (JSON.parse(configured) as { kind: string }) : configured
}
