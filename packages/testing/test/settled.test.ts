import { setTimeout as sleep } from 'node:timers/promises'
import { Command, handle, on, type Middleware } from '@waybill/core'
import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { EndlessError, StuckError, testBus } from '../src/index.js'
import { ChargeCard, GetOrder, OrderPlaced, PlaceOrder, placing, ShipOrder, stopped } from './orders.js'

const order = new PlaceOrder({ orderId: 'A-1', pieces: 2 })
const forever = new Promise<never>(() => undefined)

async function stuckIn(settled: Promise<void>): Promise<StuckError> {
  const error: unknown = await settled.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof StuckError)) throw new Error(`expected a StuckError, got ${String(error)}`)
  return error
}

it('resolves when a chain of messages has ended, without moving the clock', async () => {
  const harness = await stopped(
    testBus({
      handlers: [
        handle(PlaceOrder, async ({ orderId, pieces }, context) => {
          await context.publish(new OrderPlaced({ orderId }))
          return { pieces }
        }),
        on(OrderPlaced, { id: 'ship' }, ({ orderId }, context) => context.send(new ShipOrder({ orderId }))),
        handle(ShipOrder, () => undefined),
      ],
    }),
  )
  const before = harness.clock.now()
  for (let count = 0; count < 100; count += 1) void harness.send(order)
  await harness.settled()
  expect(harness.handled(ShipOrder)).toHaveLength(100)
  expect(harness.clock.now()).toBe(before)
})

it('waits for real I/O of a handler', async () => {
  const harness = await stopped(testBus(placing(() => sleep(30))))
  await harness.send(order)
  await harness.settled()
  expect(harness.handled()).toHaveLength(1)
})

it('waits for real I/O of middleware before a call has left', async () => {
  const slow = { name: 'slow', outgoing: { message: async (context, next) => (await sleep(30), next(context)) } } satisfies Middleware
  const harness = await stopped(testBus({ ...placing(() => undefined), middleware: [slow] }))
  void harness.send(order)
  await harness.settled()
  expect(harness.handled()).toHaveLength(1)
})

it('runs what is due at this moment', async () => {
  const harness = await stopped(testBus(placing(() => new Promise<void>((resolve) => void harness.clock.after(0, resolve)))))
  await harness.send(order)
  await harness.settled()
  expect(harness.handled()).toHaveLength(1)
})

it('sees what begins one turn of the event loop later', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  const settled = harness.settled()
  setImmediate(() => void harness.bus.send(order))
  await settled
  expect(harness.handled()).toHaveLength(1)
})

it('lets what is delayed wait for its time', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  await harness.send(order, { delay: '10m' })
  await harness.settled()
  expect(harness.handled()).toEqual([])
  await harness.advance('10m')
  expect(harness.handled()).toHaveLength(1)
})

it('lets a retry in its place, and what is behind it, wait for its time', async () => {
  class Move extends Command('stock.move', z.object({ key: z.string(), number: z.number() }), { key: 'key', ordered: true }) {}
  let failures = 3
  const done: number[] = []
  const move = handle(Move, { retry: { immediate: 0, delayed: ['10s', '10s', '10s'] } }, ({ number }) => {
    if (failures-- > 0) throw new Error('locked')
    done.push(number)
  })
  const harness = await stopped(testBus({ handlers: [move], concurrency: 1 }))
  for (let number = 0; number < 30; number += 1) await harness.send(new Move({ key: 'shelf', number }))
  await harness.settled()
  expect(done).toEqual([])
  await harness.advance('30s')
  expect(done).toEqual(Array.from({ length: 30 }, (_, number) => number))
})

it('rejects with a table when a handler never ends', async () => {
  const harness = await stopped(testBus({ ...placing(() => forever), concurrency: 1 }))
  await harness.send(order, { id: 'first' })
  await harness.send(order, { id: 'second' })
  await harness.advance('10s', { within: '0s' })
  const error = await stuckIn(harness.settled({ within: '20ms' }))
  expect(error.stuck).toMatchObject([
    { what: 'handler', where: 'orders/orders.place-order', type: 'orders.place-order', id: 'first', sinceMs: 0 },
    { what: 'message', where: 'orders', id: 'second', note: 'waits for its turn' },
  ])
  expect(error.message.replaceAll(/\d+ ms/g, 'N ms').replaceAll(/\d+ turns/g, 'N turns')).toBe(
    [
      'Stuck: 2. Nothing has happened for N turns of the event loop and N ms',
      '  what     where                      message             id      since',
      '  handler  orders/orders.place-order  orders.place-order  first   +0s    attempt 1, silent for N ms',
      '  message  orders                     orders.place-order  second  +0s    waits for its turn',
      'Resolve what a handler waits for, or raise { within } where its I/O is slow; what waits for time goes on with advance() (WAYBILL_STUCK)',
    ].join('\n'),
  )
})

it('names what waits at a limit behind a handler that never ends', async () => {
  const ship = handle(ShipOrder, { concurrency: 1 }, () => forever)
  const harness = await stopped(testBus({ handlers: [ship] }))
  for (const id of ['first', 'second']) await harness.send(new ShipOrder({ orderId: id }), { id })
  const error = await stuckIn(harness.settled({ within: '0s' }))
  expect(error.stuck).toMatchObject([
    { what: 'handler', id: 'first', note: expect.stringContaining('attempt 1') as string },
    { what: 'handler', id: 'second', note: 'waits for its turn at a limit' },
  ])
})

it('shows twenty lines and counts the rest', async () => {
  const harness = await stopped(testBus(placing(() => forever)))
  for (let count = 0; count < 25; count += 1) await harness.send(order)
  const error = await stuckIn(harness.settled({ within: '0s' }))
  expect(error.stuck).toHaveLength(25)
  expect(error.message).toContain('\n  and 5 more\n')
})

it('rejects at once where only the clock could help: a send that the broker refuses', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  harness.broker.failSends({ times: 1, where: ({ envelope }) => envelope.kind === 'event' })
  await harness.send(order)
  const began = performance.now()
  const error = await stuckIn(harness.settled())
  expect(performance.now() - began).toBeLessThan(900)
  expect(error.stuck).toMatchObject([
    { what: 'handler', note: 'what it sends is refused' },
    { what: 'send', where: 'orders', type: 'orders.order-placed', note: 'refused once, waits for the clock' },
  ])
  await harness.advance('10s')
  await harness.settled()
  expect(harness.published(OrderPlaced)).toHaveLength(1)
})

it('rejects when a request has no reply', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  const receipt = harness.request(new ChargeCard({ orderId: 'A-1' }), { id: 'charge-1' })
  const error = await stuckIn(harness.settled())
  expect(error.stuck).toMatchObject([{ what: 'request', type: 'payments.charge-card', id: 'charge-1', note: 'no reply' }])
  await Promise.all([expect(receipt).rejects.toThrow('WAYBILL_REQUEST_TIMEOUT'), harness.advance('30s')])
  await harness.settled()
})

it('rejects while the broker does not answer, whoever sends', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  harness.broker.holdSends()
  const sending: Promise<unknown>[] = [harness.bus.publish(new OrderPlaced({ orderId: 'A-1' }))]
  expect((await stuckIn(harness.settled())).stuck).toMatchObject([{ what: 'send', where: 'orders', note: '1 message, no answer from the broker' }])
  sending.push(harness.bus.request(order))
  const error = await stuckIn(harness.settled())
  expect(error.stuck).toMatchObject([
    { what: 'send', where: 'orders', note: '2 messages, no answer from the broker' },
    { what: 'request', where: 'orders', note: '1 without a reply' },
  ])
  harness.broker.resumeSends()
  await Promise.all(sending)
  await harness.settled()
})

it('rejects when a call does not return', async () => {
  const harness = await stopped(testBus({ ...placing(() => undefined), middleware: [{ name: 'hanging', outgoing: { message: () => forever } }] }))
  void harness.send(order)
  const error = await stuckIn(harness.settled({ within: '5ms' }))
  expect(error.stuck).toMatchObject([{ what: 'call', where: 'harness.send', type: 'orders.place-order' }])
})

it('rejects when messages cause each other without end', async () => {
  const harness = await stopped(
    testBus({ name: 'orders', handlers: [on(OrderPlaced, { id: 'again' }, ({ orderId }, context) => context.publish(new OrderPlaced({ orderId })))] }),
  )
  await harness.publish(new OrderPlaced({ orderId: 'A-1' }))
  const error: unknown = await harness.settled({ deliveries: 5_000 }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(EndlessError)
  expect((error as EndlessError).message).toMatch(
    /^Still busy after \d+ deliveries, the last of orders\.order-placed at orders\. Look for messages that cause each other, or raise \{ deliveries \} \(WAYBILL_ENDLESS\)$/,
  )
})

it('gives the reply of a request without moving the clock', async () => {
  const harness = await stopped(testBus({ handlers: [handle(GetOrder, ({ orderId }) => ({ orderId }))] }))
  const before = harness.clock.now()
  expect(await harness.request(new GetOrder({ orderId: 'A-1' }))).toEqual({ orderId: 'A-1' })
  await harness.settled()
  expect(harness.clock.now()).toBe(before)
})

it('works beside the fake timers of a test runner', async () => {
  vi.useFakeTimers()
  try {
    const harness = await testBus(placing(() => forever))
    await harness.send(order)
    await stuckIn(harness.settled({ within: '5ms' }))
    await harness.stop({ within: '0s' })
  } finally {
    vi.useRealTimers()
  }
})
