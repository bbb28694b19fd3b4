// #region sellers
import { createBus, handle, Query, type Sender } from '@waybill/core'
import { z } from 'zod'

export class GetPrice extends Query('prices.get-price', z.object({ sku: z.string() }), { reply: z.object({ cents: z.int() }) }) {}

export const acme = createBus({
  name: 'acme',
  transport: 'memory:market',
  routes: { 'prices.get-price': 'acme' },
  handlers: [handle(GetPrice, () => ({ cents: 990 }))],
})
// #endregion

export const bolt = createBus({
  name: 'bolt',
  transport: 'memory:market',
  routes: { 'prices.get-price': 'bolt' },
  handlers: [handle(GetPrice, () => ({ cents: 1_090 }))],
})

// #region gather
export async function bestPrice(bus: Sender, sku: string) {
  const { replies, failed, missing } = await bus.gather(new GetPrice({ sku }), { from: ['acme', 'bolt', 'coyote'], timeout: '2s' })
  return {
    cents: Math.min(...replies.map(({ reply }) => reply.cents)),
    without: [...failed.map(({ from }) => from), ...missing],
  }
}
// #endregion

// #region quorum
export async function anyPrice(bus: Sender, sku: string) {
  const { replies } = await bus.gather(new GetPrice({ sku }), { from: ['acme', 'bolt'], quorum: 1, timeout: '2s' })
  return replies[0]?.reply.cents
}
// #endregion
