import { testBus } from '@waybill/testing'
import { beforeEach, expect, it } from 'vitest'
import { charge, gateway, guarded, limited, limitedCharge, sharing, slow } from '../src/limits.js'
import { OrderPlaced } from '../src/messages.js'

const orders = (count: number): OrderPlaced[] =>
  Array.from({ length: count }, (_, index) => new OrderPlaced({ orderId: crypto.randomUUID(), customer: `customer ${index}` }))

/** What a limit holds is under way, and nothing that the clock alone would wait for. */
const soon = { within: '50ms' } as const

beforeEach(() => {
  gateway.isDown = false
  gateway.charged.splice(0)
})

it('keeps what fails while the gateway is down, and handles all of it afterwards with no attempt counted', async () => {
  await using harness = await testBus({ pipeline: guarded, handlers: [charge] })
  gateway.isDown = true
  for (const order of orders(20)) await harness.bus.publish(order)
  await harness.advance('30s', soon)
  expect(harness.bus.health()).toMatchObject({ status: 'degraded', endpoints: [{ paused: ['circuit-open'] }] })
  gateway.isDown = false
  await harness.advance('10s', soon)
  await harness.settled()
  expect(gateway.charged).toHaveLength(20)
  expect(harness.failures()).toEqual([])
  expect(harness.deadLetters()).toEqual([])
})

it('shares a breaker between endpoints', async () => {
  await using harness = await testBus(sharing)
  gateway.isDown = true
  for (const order of orders(3)) await harness.bus.publish(order)
  await harness.advance('1s', soon)
  expect(harness.bus.health().endpoints.map(({ paused }) => paused)).toEqual([['circuit-open'], ['circuit-open']])
  gateway.isDown = false
  await harness.advance('10s', soon)
  expect(gateway.charged).toHaveLength(6)
})

it('slows down while everything fails', async () => {
  await using harness = await testBus({ pipeline: slow, handlers: [charge] })
  gateway.isDown = true
  for (const order of orders(100)) await harness.bus.publish(order)
  await harness.advance('30s', soon)
  expect(harness.bus.health().endpoints).toMatchObject([{ paused: ['slow-down'] }])
  expect(harness.failures().length).toBeLessThanOrEqual(20 + 30)
})

it('limits starts', async () => {
  await using harness = await testBus({ pipeline: limited, handlers: [charge] })
  for (let order = 0; order < 10; order += 1) await harness.bus.publish(new OrderPlaced({ orderId: crypto.randomUUID(), customer: 'ada' }))
  await harness.bus.publish(new OrderPlaced({ orderId: crypto.randomUUID(), customer: 'bob' }))
  await harness.advance('200ms', soon)
  expect(gateway.charged.toSorted()).toEqual(['ada', 'ada', 'ada', 'ada', 'ada', 'ada', 'bob'])
  await harness.advance('1s', soon)
  expect(gateway.charged).toHaveLength(11)
})

it('limits one handler', async () => {
  await using harness = await testBus({ handlers: [limitedCharge] })
  for (const order of orders(3)) await harness.bus.publish(order)
  await harness.advance('600ms', soon)
  expect(gateway.charged).toHaveLength(2)
  await harness.advance('600ms', soon)
  expect(gateway.charged).toHaveLength(3)
})
