// #region handler
import { CommandHandler, createBus, runUntilSignal, type MessageContext } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from './messages.js'

@CommandHandler(PlaceOrder)
export class PlaceOrderSlowly {
  constructor(private readonly supplier: { reserve(order: PlaceOrder, options: { readonly signal: AbortSignal }): Promise<void> }) {}

  async handle(order: PlaceOrder, context: MessageContext) {
    await this.supplier.reserve(order, { signal: context.signal })
    await context.publish(new OrderPlaced(order))
    return { pieces: order.pieces }
  }
}
// #endregion

export const reported: string[] = []

// #region main
export async function main(handler: PlaceOrderSlowly) {
  const bus = createBus({ name: 'orders', transport: 'memory:', stopTimeout: '20s', handlers: [handler] })
  const { unfinished } = await runUntilSignal(bus)
  for (const { handler, messageId } of unfinished) reported.push(`${handler} had not ended on ${messageId}`)
}
// #endregion
