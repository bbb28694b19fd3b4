import { Command, CommandHandler, Document, Event, Query, type MessageContext } from '@waybill/core'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Harness } from '../src/index.js'

export class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.string(), pieces: z.number() }), {
  reply: z.object({ pieces: z.number() }),
}) {}
export class ShipOrder extends Command('orders.ship-order', z.object({ orderId: z.string() })) {}
export class GetOrder extends Query('orders.get-order', z.object({ orderId: z.string() }), { reply: z.object({ orderId: z.string() }) }) {}
export class ChargeCard extends Command('payments.charge-card', z.object({ orderId: z.string() }), { reply: z.object({ receipt: z.string() }) }) {}
export class Scan extends Document('orders.scan', { contentType: 'text/plain' }) {}
export class OrderPlaced extends Event(
  'orders.order-placed',
  z.object({ orderId: z.string(), placedAt: z.union([z.iso.datetime(), z.date()]).pipe(z.coerce.date()).optional() }),
) {
  get label(): string {
    return `order ${this.orderId}`
  }
}

export interface Orders {
  save(orderId: string): unknown
}

@CommandHandler(PlaceOrder)
export class PlaceOrderHandler {
  readonly #orders: Orders

  constructor(orders: Orders = { save: () => undefined }) {
    this.#orders = orders
  }

  async handle({ orderId, pieces }: PlaceOrder, context: MessageContext) {
    await context.publish(new OrderPlaced({ orderId }))
    await this.#orders.save(orderId)
    return { pieces }
  }
}

/** A service whose `save` is the test's. */
export const placing = (
  save: (orderId: string) => unknown,
): { readonly handlers: readonly PlaceOrderHandler[]; readonly sends: readonly (typeof OrderPlaced)[] } => ({
  handlers: [new PlaceOrderHandler({ save })],
  sends: [OrderPlaced],
})

/** It is stopped when the test ends; what hangs is not waited for. */
export async function stopped(harness: Promise<Harness>): Promise<Harness> {
  const started = await harness
  onTestFinished(async () => void (await started.stop({ within: '0s' })))
  return started
}
