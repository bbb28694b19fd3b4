import { createBus, on } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { observe, virtualClock } from '@waybill/core/runtime'
import { expect, it } from 'vitest'
import { businessHours } from '../src/business-hours.js'
import { compress } from '../src/compress.js'
import { archived, ArchiveScan, importCatalog, imported } from '../src/documents.js'
import { Orders } from '../src/inferred.js'
import { fromConfig } from '../src/line-transport.js'
import { OrderPlaced, PlaceOrder } from '../src/messages.js'
import { OrderPlaced as Placed, OrderShipped, OrderStatuses } from '../src/order.js'
import { createOrdersBus } from '../src/register-handlers.js'
import { bus as payments, CardDeclined, ConfirmByMail, GatewayTimeout, mailed, payments as policy } from '../src/retries.js'
import { sendDocuments } from '../src/send-documents.js'
import { byBlock, byObject, byUrl } from '../src/transports.js'
import { CustomerNamed, greeted, Greet } from '../src/versions.js'
import { quietLogger } from './quiet-logger.js'

const order = { orderId: crypto.randomUUID(), customer: 'ada@example.org', lines: [{ sku: 'A-1', quantity: 2 }] }

it('registers instances and functions', async () => {
  const saved: PlaceOrder[] = []
  const bus = createOrdersBus({ save: async (saves) => void saved.push(saves) })
  await bus.start()
  expect(await bus.request(new PlaceOrder(order))).toEqual({ pieces: 2 })
  expect(saved).toHaveLength(1)
  await bus.stop()
})

it('carries documents byte for byte', async () => {
  const bus = createBus({
    name: 'archive',
    transport: 'memory:',
    routes: { 'scans.*': 'archive', 'catalog.*': 'archive' },
    handlers: [ArchiveScan, importCatalog],
  })
  await bus.start()
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  await sendDocuments(bus, bytes)
  await bus.stop()
  expect(archived).toEqual([bytes])
  expect(imported).toEqual(['sku,price', 'A-1,10'])
})

it('handles messages of one key in order, also when one is retried', async () => {
  const clock = virtualClock()
  const statuses = new OrderStatuses()
  const bus = createBus({ name: 'orders', transport: memory({ broker: createMemoryBroker({ clock }) }), clock, handlers: [statuses] })
  await bus.start()
  for (let n = 0; n < 20; n += 1) {
    await bus.publish(new Placed({ orderId: order.orderId }))
    await bus.publish(new OrderShipped({ orderId: order.orderId }))
  }
  await clock.settle()
  expect(statuses.statuses.get(order.orderId)).toEqual(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'placed' : 'shipped')))
  expect((await bus.describe()).report?.rows.filter(({ need }) => need === 'order by key')).toMatchObject([{ provided: 'native' }])
  await bus.stop()
})

it('reads what older versions wrote', async () => {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const bus = createBus({ name: 'mail', transport: memory({ broker }), clock, handlers: [Greet] })
  await bus.start()
  const headers = (version: string) => ({
    ce_specversion: '1.0',
    ce_id: version,
    ce_type: CustomerNamed.type,
    ce_schemaversion: version,
    ce_source: 'crm',
    ce_time: new Date(clock.now()).toISOString(),
    ce_kind: 'event',
    'content-type': 'application/json',
  })
  broker.publish({ topic: CustomerNamed.type }, { headers: headers('1'), body: JSON.stringify({ orderId: order.orderId, name: 'Ada Lovelace' }) })
  broker.publish({ topic: CustomerNamed.type }, { headers: headers('2'), body: JSON.stringify({ orderId: order.orderId, first: 'Grace', last: 'Hopper' }) })
  broker.publish(
    { topic: CustomerNamed.type },
    { headers: headers('3'), body: JSON.stringify({ orderId: order.orderId, first: 'Alan', last: 'Turing', title: 'Dr' }) },
  )
  await clock.settle()
  await bus.stop()
  expect(greeted).toEqual(['Lovelace', 'Hopper', 'Dr Turing'])
})

it('retries as the nearest rule says', async () => {
  expect(policy.rules.map(({ name, immediate, delayedMs }) => ({ name, immediate, delayedMs }))).toEqual([
    { name: 'GatewayTimeout', immediate: 2, delayedMs: [10_000, 60_000, 600_000] },
    { name: 'CardDeclined | a predicate', immediate: 0, delayedMs: [] },
  ])
  expect(policy.rules.map((rule) => rule.match(new GatewayTimeout('504')))).toEqual([0, undefined])
  expect(policy.rules.map((rule) => rule.match(new CardDeclined('no')))).toEqual([undefined, 0])
  await payments.start()
  await payments.publish(new OrderPlaced({ orderId: order.orderId, customer: 'ada@example.org' }))
  await payments.stop()
  expect(mailed).toEqual(['ada@example.org'])
  expect(new ConfirmByMail()).toBeDefined()
})

it('chooses the same transport by object, by URL and by block', async () => {
  for (const bus of [byObject, byUrl, byBlock]) {
    await bus.start()
    expect(bus.health()).toMatchObject({ status: 'ok', transport: 'memory' })
  }
  const { orderId, customer } = order
  await Promise.all([byObject, byUrl, byBlock].map((bus) => bus.publish(new OrderPlaced({ orderId, customer }))))
  await Promise.all([byObject, byUrl, byBlock].map((bus) => bus.stop()))
})

it('compresses large bodies, and the receiver sees what was sent', async () => {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const customers: string[] = []
  const handlers = [on(OrderPlaced, { id: 'mail' }, ({ customer }) => void customers.push(customer))]
  const bus = createBus({ name: 'mail', transport: memory({ broker }), clock, middleware: [compress], handlers })
  await bus.start()
  const sizes: (number | undefined)[] = []
  const end = observe('send', ({ outgoing }) => void sizes.push(outgoing.envelope.body?.length))
  await bus.publish(new OrderPlaced({ orderId: order.orderId, customer: 'x'.repeat(100_000) }))
  end()
  await clock.settle()
  await bus.stop()
  expect(sizes[0]).toBeLessThan(1_000)
  expect(customers).toEqual(['x'.repeat(100_000)])
})

it('puts a message off until the middleware lets it through', async () => {
  const clock = virtualClock()
  let isOpen = false
  const handled: object[] = []
  const handlers = [on(OrderPlaced, { id: 'mail', use: [businessHours(() => isOpen)] }, (event) => void handled.push(event))]
  const bus = createBus({ name: 'mail', transport: memory({ broker: createMemoryBroker({ clock }) }), clock, handlers, logger: quietLogger })
  await bus.start()
  await bus.publish(new OrderPlaced({ orderId: order.orderId, customer: 'ada' }))
  await clock.advance(50_000)
  expect(handled).toHaveLength(0)
  isOpen = true
  await clock.advance(10_000)
  expect(handled).toHaveLength(1)
  await bus.stop()
})

it('infers the message of a method from its emitted parameter type', async () => {
  const bus = createBus({ name: 'orders', handlers: [Orders] })
  await bus.start()
  expect(await bus.request(new PlaceOrder(order))).toEqual({ pieces: 2 })
  await bus.stop()
})

it('sends, publishes and requests over a transport of a stranger', async () => {
  const saved: string[] = []
  const bus = createBus({
    name: 'orders',
    transport: fromConfig(new URL('line:')),
    handlers: [Orders, on(OrderPlaced, { id: 'test.placed' }, ({ customer }) => void saved.push(customer))],
    logger: quietLogger,
  })
  await bus.start()
  expect(await bus.request(new PlaceOrder(order))).toEqual({ pieces: 2 })
  await bus.send(new PlaceOrder(order))
  await bus.publish(new OrderPlaced({ orderId: order.orderId, customer: 'ada' }))
  await bus.stop()
  expect(saved).toEqual(['ada'])
})
