import { setTimeout as sleep } from 'node:timers/promises'
import { handle } from '@waybill/core'
import { standardPipeline } from '@waybill/core/middleware'
import { expect, it } from 'vitest'
import { EndlessError, testBus } from '../src/index.js'
import { OrderPlaced, PlaceOrder, placing, ShipOrder, stopped } from './orders.js'

class Down extends Error {}

const order = new PlaceOrder({ orderId: 'A-1', pieces: 2 })

it('runs delayed retries when their time has come, and not before', async () => {
  let failures = 3
  const harness = await stopped(
    testBus(
      placing(() => {
        if (failures-- > 0) throw new Error('the database is away')
      }),
    ),
  )
  await harness.send(order)
  await harness.settled()
  await harness.advance('9999ms')
  expect(harness.published(OrderPlaced)).toEqual([])
  await harness.advance('1ms')
  expect(harness.published(OrderPlaced)).toHaveLength(1)
})

it('needs less than a second for ten hours of delayed retries', async () => {
  const ship = handle(ShipOrder, { retry: { immediate: 0, delayed: Array.from({ length: 60 }, () => '10m' as const) } }, () =>
    Promise.reject(new Error('no van')),
  )
  const harness = await stopped(testBus({ handlers: [ship] }))
  for (let number = 0; number < 5; number += 1) await harness.send(new ShipOrder({ orderId: String(number) }))
  const [virtual, real] = [harness.clock.now(), performance.now()]
  await harness.advance('10h')
  expect(performance.now() - real).toBeLessThan(1_000)
  expect(harness.clock.now() - virtual).toBe(36_000_000)
  expect(harness.failures()).toHaveLength(5 * 61)
  expect(harness.deadLetters()).toHaveLength(5)
})

it('does not pass the next moment before real I/O of the last one has ended', async () => {
  const times: number[] = []
  const harness = await stopped(
    testBus({
      handlers: [
        handle(ShipOrder, { timeout: '1s', retry: { immediate: 0, delayed: ['10s', '10s'] } }, async () => {
          times.push(harness.clock.now())
          await sleep(15)
          if (times.length < 3) throw new Error('no van')
        }),
      ],
    }),
  )
  const began = harness.clock.now()
  await harness.send(new ShipOrder({ orderId: 'A-1' }))
  await harness.advance('1h')
  expect(times.map((time) => time - began)).toEqual([0, 10_000, 20_000])
  expect(harness.failures().map(({ error }) => (error as Error).message)).toEqual(['no van', 'no van'])
  expect(harness.handled()).toHaveLength(1)
})

it('goes on past a handler that never ends, so that its deadline comes', async () => {
  const harness = await stopped(
    testBus({
      handlers: [
        handle(
          ShipOrder,
          { timeout: '1m', retry: { immediate: 0, delayed: [] } },
          (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
        ),
      ],
    }),
  )
  await harness.send(new ShipOrder({ orderId: 'A-1' }))
  await harness.advance('2m', { within: '5ms' })
  expect(harness.deadLetters()).toMatchObject([{ error: { code: 'WAYBILL_HANDLER_TIMEOUT' } }])
})

it.each([
  ['a rate limit', standardPipeline({ rateLimit: { permits: 1, per: '10s' } })],
  ['a circuit breaker', standardPipeline({ circuitBreaker: { when: Down, failures: 2, probe: '10s' } })],
  ['a slow-down', standardPipeline({ slowDown: { after: 1, wait: '10s' } })],
])('waits in virtual time alone for what waits at %s', async (_, pipeline) => {
  let isDown = true
  const ship = handle(ShipOrder, { retry: { immediate: 5, delayed: [] } }, () => {
    if (isDown) throw new Down()
  })
  const harness = await stopped(testBus({ pipeline, handlers: [ship] }))
  for (let number = 0; number < 5; number += 1) await harness.send(new ShipOrder({ orderId: String(number) }))
  const real = performance.now()
  await harness.advance('5s')
  await harness.settled()
  await harness.advance('5s')
  isDown = false
  await harness.advance('1m')
  expect(performance.now() - real).toBeLessThan(900)
  expect(harness.handled()).toHaveLength(5)
})

it('waits for the real I/O of the run that others wait behind at a concurrency limit, and for no more', async () => {
  const ship = handle(ShipOrder, { concurrency: 1 }, () => sleep(5))
  const harness = await stopped(testBus({ handlers: [ship] }))
  for (let number = 0; number < 5; number += 1) await harness.send(new ShipOrder({ orderId: String(number) }))
  await harness.settled()
  expect(harness.handled()).toHaveLength(5)
})

it('delivers what is delayed in the order of its times', async () => {
  const harness = await stopped(testBus({ handlers: [handle(ShipOrder, () => undefined)] }))
  await harness.send(new ShipOrder({ orderId: 'late' }), { id: 'late', delay: '2h' })
  await harness.send(new ShipOrder({ orderId: 'early' }), { id: 'early', delay: '1h' })
  await harness.send(new ShipOrder({ orderId: 'now' }), { id: 'now' })
  await harness.advance('3h')
  expect(harness.handled().map(({ envelope }) => envelope.id)).toEqual(['now', 'early', 'late'])
})

it('rejects when work goes on without end', async () => {
  const harness = await stopped(testBus({ handlers: [handle(ShipOrder, ({ orderId }, context) => context.send(new ShipOrder({ orderId })))] }))
  await harness.send(new ShipOrder({ orderId: 'A-1' }))
  await expect(harness.advance('1s', { deliveries: 5_000 })).rejects.toThrow(EndlessError)
})

it('refuses what is no duration', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  await expect(harness.advance('10x' as never)).rejects.toThrow(/advance was given "10x"[\s\S]*WAYBILL_CONFIGURATION/)
  await expect(harness.settled({ within: '1 hour' as never })).rejects.toThrow(/settled's within was given "1 hour"/)
})
