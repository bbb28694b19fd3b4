import { deadLetter, handle, on, UnrecoverableError, when, type Middleware } from '@waybill/core'
import { expect, expectTypeOf, it } from 'vitest'
import { testBus } from '../src/index.js'
import { ChargeCard, GetOrder, OrderPlaced, PlaceOrder, placing, Scan, ShipOrder, stopped } from './orders.js'

it('returns what was published as instances of its class, in order, also without a subscriber', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  await harness.send(new PlaceOrder({ orderId: 'A-1', pieces: 2 }))
  await harness.settled()
  await harness.publish(new OrderPlaced({ orderId: 'A-2', placedAt: '2026-01-01T00:00:00.000Z' }))
  const placed = harness.published(OrderPlaced)
  expectTypeOf(placed).toEqualTypeOf<readonly OrderPlaced[]>()
  expect(placed).toMatchObject([{ orderId: 'A-1' }, { orderId: 'A-2' }])
  expect(placed.map((event) => event.label)).toEqual(['order A-1', 'order A-2'])
  expect(placed.every((event) => event instanceof OrderPlaced)).toBe(true)
  expect(placed[1]?.placedAt).toEqual(new Date('2026-01-01'))
})

it('knows the envelope of what was sent', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  await harness.send(new PlaceOrder({ orderId: 'A-1', pieces: 2 }), { id: 'command-1', headers: { tenant: 'acme' } })
  await harness.settled()
  const [command, event] = [...harness.sent(PlaceOrder), ...harness.published(OrderPlaced)].map((message) => harness.envelopeOf(message))
  expect(command).toMatchObject({ id: 'command-1', source: 'orders', kind: 'command', headers: { tenant: 'acme' } })
  expect(event).toMatchObject({ causationId: 'command-1', correlationId: command?.correlationId, kind: 'event' })
  expect(() => harness.envelopeOf(new OrderPlaced({ orderId: 'A-9' }))).toThrow(/"A-9".* did not come from this harness[\s\S]*WAYBILL_CONFIGURATION/)
})

it('records nothing of a handler that failed, and nothing twice of one that was tried again', async () => {
  let failures = 2
  const harness = await stopped(
    testBus(
      placing(() => {
        if (failures-- > 0) throw new Error('the database is away')
      }),
    ),
  )
  await harness.send(new PlaceOrder({ orderId: 'A-1', pieces: 2 }))
  await harness.settled()
  expect(harness.published(OrderPlaced)).toHaveLength(1)
  expect(harness.handled(PlaceOrder)).toMatchObject([
    { endpoint: 'orders', handler: 'orders.place-order', attempt: 3, envelope: { type: 'orders.place-order' } },
  ])
  expect(harness.failures()).toMatchObject([
    { handler: 'orders.place-order', attempt: 1, error: new Error('the database is away'), delayMs: 0 },
    { attempt: 2, delayMs: 0 },
  ])
})

it('takes and records commands, documents and queries to services that are not here', async () => {
  const harness = await stopped(
    testBus({ name: 'orders', handlers: [on(OrderPlaced, { id: 'charge' }, ({ orderId }, context) => context.send(new ChargeCard({ orderId })))] }),
  )
  await harness.publish(new OrderPlaced({ orderId: 'A-1' }))
  await harness.send(new Scan('page 1'))
  await harness.settled()
  expect(harness.sent(ChargeCard)).toMatchObject([{ orderId: 'A-1' }])
  expectTypeOf(harness.sent(ChargeCard)).toEqualTypeOf<readonly ChargeCard[]>()
  expect(harness.sent(Scan).map((scan) => scan.text())).toEqual(['page 1'])
  expect(harness.handled('charge')).toHaveLength(1)
  expect(harness.handled('another')).toEqual([])
})

it('tells reason, error and handler of a dead letter, and every attempt before it', async () => {
  const refusal = new UnrecoverableError('no such article')
  const harness = await stopped(
    testBus({
      handlers: [
        handle(PlaceOrder, () => {
          throw refusal
        }),
        handle(ShipOrder, { retry: { immediate: 1, delayed: ['1h'] } }, () => Promise.reject(new Error('no van'))),
      ],
    }),
  )
  await harness.send(new PlaceOrder({ orderId: 'A-1', pieces: 2 }), { id: 'command-1' })
  await harness.send(new ShipOrder({ orderId: 'A-1' }))
  await harness.settled()
  expect(harness.deadLetters()).toMatchObject([
    { endpoint: 'orders', handler: 'orders.place-order', reason: 'unrecoverable', error: refusal, envelope: { id: 'command-1' } },
  ])
  await harness.advance('1h')
  expect(harness.deadLetters(ShipOrder)).toMatchObject([{ handler: 'orders.ship-order', reason: 'retries-exhausted', error: { message: 'no van' } }])
  expect(harness.failures('orders.ship-order').map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
    [1, 0],
    [2, 3_600_000],
    [3, 0],
    [4, undefined],
  ])
  expect(harness.broker.depth('orders.dead-letter').ready).toBe(2)
})

it('tells of a message that a middleware rejects before its handler', async () => {
  const closed: Middleware = { name: 'closed', incoming: { message: () => Promise.resolve({ outcome: 'rejected', reason: 'shop-closed' }) } }
  const harness = await stopped(testBus({ ...placing(() => undefined), middleware: [closed] }))
  await harness.send(new PlaceOrder({ orderId: 'A-1', pieces: 2 }))
  await harness.settled()
  expect(harness.failures()).toMatchObject([{ attempt: 1, error: undefined, delayMs: undefined }])
  expect(harness.deadLetters()).toMatchObject([{ reason: 'shop-closed', handler: 'orders.place-order' }])
})

it('tells of a body that nobody can read, before any handler', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  const headers = { ce_specversion: '1.0', ce_id: 'raw', ce_type: 'orders.place-order', ce_source: 'shop', ce_time: '2026-01-01T00:00:00Z', ce_kind: 'command' }
  harness.broker.publish({ endpoint: 'orders' }, { body: 'no JSON', headers })
  await harness.settled()
  expect(harness.deadLetters('*')).toMatchObject([{ reason: 'body-not-json', envelope: { id: 'raw' } }])
})

it('tells the last failure of a query too, which is answered and not put away', async () => {
  const harness = await stopped(
    testBus({ handlers: [handle(GetOrder, { retry: when(Error).lastly(deadLetter()) }, () => Promise.reject(new Error('no such order')))] }),
  )
  await expect(harness.request(new GetOrder({ orderId: 'A-1' }))).rejects.toThrow('no such order')
  await harness.settled()
  expect(harness.failures(GetOrder)).toMatchObject([{ attempt: 1, error: { message: 'no such order' }, delayMs: undefined }])
  expect(harness.deadLetters()).toEqual([])
})

it('reads what was sent as it was before wire middleware', async () => {
  const reverse = (bytes: Uint8Array): Uint8Array => bytes.toReversed()
  const scramble = {
    name: 'scramble',
    outgoing: { wire: (context, next) => ((context.body = reverse(context.body)), next(context)) },
    incoming: { wire: (context, next) => ((context.body = reverse(context.body)), next(context)) },
  } satisfies Middleware
  const harness = await stopped(testBus({ ...placing(() => undefined), middleware: [scramble] }))
  expect(await harness.request(new PlaceOrder({ orderId: 'A-1', pieces: 2 }))).toEqual({ pieces: 2 })
  await harness.settled()
  expect(harness.published(OrderPlaced)).toMatchObject([{ orderId: 'A-1' }])
  expect(harness.sent(PlaceOrder)).toMatchObject([{ pieces: 2 }])
})

it('refuses what is no message class, instead of finding nothing', async () => {
  const harness = await stopped(testBus(placing(() => undefined)))
  class Nothing {}
  expect(() => harness.published(Nothing as never)).toThrow(/the class Nothing declares no message[\s\S]*WAYBILL_CONFIGURATION/)
})
