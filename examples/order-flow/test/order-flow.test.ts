import 'reflect-metadata'
import { memoryBroker } from '@waybill/core/memory'
import { describe, expect, it } from 'vitest'
import { expected } from '../expected.mjs'
import { quietLogger } from '../src/flow/quiet-logger.js'
import { readOrders } from '../src/import/read-orders.js'
import { OrderFlow } from '../src/order-flow.js'
import { imbalances } from '../src/result.js'

const line = (number: number, payment: object): string =>
  JSON.stringify({
    orderId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    customer: 'c-1',
    lines: [{ sku: 'cup', quantity: 1, cents: 690 }],
    payment: { card: '1881', timeouts: 0, declined: false, ...payment },
  })

const run = async (text: string, transport: string) => {
  const flow = new OrderFlow({ transport, seed: 1, logger: quietLogger })
  await flow.start()
  return flow.run(readOrders(text), { label: 'test', screen: { write: () => true }, signal: new AbortController().signal })
}

describe('OrderFlow', () => {
  it('counts as dead letters what lies in the dead-letter endpoint', async () => {
    const text = [line(1, {}), line(2, { declined: true }), line(3, { timeouts: 1 }), line(4, { timeouts: 7 }), line(5, { declined: true })].join('\n')
    const result = await run(text, 'memory:order-flow-dead-letters')
    const letters = memoryBroker('order-flow-dead-letters').deadLetters()
    expect(letters.map(({ body }) => (JSON.parse(new TextDecoder().decode(body ?? undefined)) as { orderId: string }).orderId.at(-1)).toSorted()).toEqual([
      '2',
      '4',
      '5',
    ])
    expect(result.deadLettered).toBe(3)
    expect(Object.fromEntries(result.deadLetters)).toEqual({ 'CardDeclined in payments/ChargeCard': 2, 'GatewayTimeout in payments/ChargeCard': 1 })
    expect(result).toMatchObject(expected(text))
    expect(imbalances(result)).toEqual([])
  })

  it('counts nothing that an earlier run has left on the broker', async () => {
    const transport = 'memory:order-flow-left-over'
    const text = [line(1, { declined: true }), line(2, { timeouts: 1 })].join('\n')
    await run(text, transport)
    const again = await run(text, transport)
    expect(again).toMatchObject({ accepted: 2, shipped: 1, deadLettered: 1, retried: 1, missing: [] })
    expect(memoryBroker('order-flow-left-over').deadLetters()).toHaveLength(2)
  })
})
