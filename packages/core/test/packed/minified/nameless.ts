// A handler of an event whose id is its class's name: a minifier takes it away.
import { createBus, Event, EventHandler } from '@waybill/core'
import { z } from 'zod'

class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.string() })) {}

@EventHandler(OrderPlaced)
class Mailer {
  handle({ orderId }: OrderPlaced) {
    console.log(`mailed ${orderId}`)
  }
}

const bus = createBus({ name: 'mail', transport: 'memory:', handlers: [Mailer] })
try {
  await bus.start()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
