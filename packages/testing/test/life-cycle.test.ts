import { channel } from 'node:diagnostics_channel'
import { CommandHandler, createBus, handle, on } from '@waybill/core'
import { memory } from '@waybill/core/memory'
import { crashAt } from '@waybill/core/runtime'
import { afterEach, expect, it } from 'vitest'
import { testBus } from '../src/index.js'
import { ChargeCard, GetOrder, OrderPlaced, PlaceOrder, placing, ShipOrder, stopped, type Orders } from './orders.js'

const order = new PlaceOrder({ orderId: 'A-1', pieces: 2 })
const names = ['deliver', 'invoke', 'handled', 'retry', 'dead-letter', 'settle', 'send', 'crash'] as const
const listened = (): readonly string[] => names.filter((name) => channel(`waybill:${name}`).hasSubscribers)

afterEach(() => expect(listened()).toEqual([]))

it('listens to nothing any more after stop, and keeps its record', async () => {
  const harness = await testBus(placing(() => undefined))
  expect(listened()).toEqual(names)
  await harness.request(order)
  await harness.settled()
  expect(await harness.stop()).toEqual({ unfinished: [] })
  expect(listened()).toEqual([])
  expect(harness.published(OrderPlaced)).toHaveLength(1)
  await harness.stop()
  await expect(harness.send(order)).rejects.toThrow('WAYBILL_STOPPED')
})

it('listens to nothing when the bus does not start', async () => {
  const twice = [handle(ShipOrder, () => undefined), handle(ShipOrder, () => undefined)]
  await expect(testBus({ handlers: twice })).rejects.toThrow('WAYBILL_CONFIGURATION')
  for (const wrong of [undefined, null, { middleware: [undefined] }, { middleware: 7 }, { handlers: 7 }])
    await expect(testBus(wrong as never)).rejects.toThrow('WAYBILL_CONFIGURATION')
})

it('stops at the end of its scope', async () => {
  let bus
  {
    await using harness = await testBus(placing(() => undefined))
    bus = harness.bus
    expect(bus.health().status).toBe('ok')
  }
  expect(bus.health().status).toBe('stopped')
})

it('stops a bus whose handler never ends, and says so', async () => {
  const harness = await testBus(placing(() => new Promise(() => undefined)))
  await harness.send(order, { id: 'hanging' })
  await harness.settled({ within: '0s' }).catch(() => undefined)
  expect(await harness.stop({ within: '0s' })).toEqual({ unfinished: [{ endpoint: 'orders', handler: 'orders.place-order', messageId: 'hanging' }] })
})

it('leaves a bus alone that has crashed, and goes on with another on its broker', async () => {
  const harness = await testBus(placing(() => undefined))
  const { reached } = crashAt('after-flush')
  await harness.send(order)
  await reached
  await harness.join({ name: 'orders', ...placing(() => undefined) })
  await harness.settled()
  expect(new Set(harness.published(OrderPlaced).map((event) => harness.envelopeOf(event).id)).size).toBe(1)
  expect(harness.published(OrderPlaced)).toHaveLength(2)
  expect(harness.handled()).toHaveLength(1)
  await harness.stop({ within: '0s' })
})

it('does not see what other harnesses and buses of the process do', async () => {
  const [one, other] = await Promise.all([stopped(testBus(placing(() => undefined))), stopped(testBus(placing(() => undefined)))])
  const foreign = createBus({ name: 'orders', transport: memory(), ...placing(() => undefined) })
  await foreign.start()
  await Promise.all([one.request(order), other.request(order), other.request(order), foreign.request(order)])
  await Promise.all([one.settled(), other.settled()])
  await foreign.stop()
  expect(one.published(OrderPlaced)).toHaveLength(1)
  expect(other.published(OrderPlaced)).toHaveLength(2)
  expect([one, other].map((harness) => harness.handled().length)).toEqual([1, 2])
  await Promise.all([one.stop(), other.stop()])
})

it('records and waits for every bus that joins', async () => {
  const harness = await testBus({ handlers: [handle(GetOrder, ({ orderId }) => ({ orderId }))], sends: [OrderPlaced] })
  const payments = await harness.join({
    handlers: [
      handle(ChargeCard, ({ orderId }) => ({ receipt: orderId })),
      on(OrderPlaced, { id: 'charge' }, async ({ orderId }, context) => void (await context.request(new GetOrder({ orderId })))),
    ],
  })
  expect(payments.name).toBe('payments')
  await harness.publish(new OrderPlaced({ orderId: 'A-1' }))
  await harness.settled()
  expect(harness.handled().map(({ endpoint }) => endpoint)).toEqual(['orders', 'payments'])
  expect(await harness.request(new ChargeCard({ orderId: 'A-1' }))).toEqual({ receipt: 'A-1' })
  await harness.stop()
  expect(payments.health().status).toBe('stopped')
})

it('stands in for another service by an endpoint of its name', async () => {
  const harness = await stopped(
    testBus({
      handlers: [handle(ShipOrder, async ({ orderId }, context) => void (await context.request(new ChargeCard({ orderId }))))],
      endpoints: { payments: { handlers: [handle(ChargeCard, () => ({ receipt: 'R-1' }))] } },
    }),
  )
  await harness.send(new ShipOrder({ orderId: 'A-1' }))
  await harness.settled()
  expect(harness.handled().map(({ handler }) => handler)).toEqual(['payments.charge-card', 'orders.ship-order'])
  await harness.stop()
})

it('refuses what is no message as the bus does', async () => {
  await using harness = await testBus(placing(() => undefined))
  await expect(harness.send(undefined as never)).rejects.toThrow('WAYBILL_NOT_A_MESSAGE')
  expect(() => harness.sent(undefined as never)).toThrow('WAYBILL_CONFIGURATION')
})

it('is named after the route of what it handles, or "test"', async () => {
  const routed = { handlers: [handle(ShipOrder, () => undefined)], routes: { 'orders.*': 'warehouse' } }
  const observing = { handlers: [on(OrderPlaced, { id: 'audit' }, () => undefined)] }
  const several = { handlers: [handle(ShipOrder, () => undefined), handle(ChargeCard, () => ({ receipt: '' }))] }
  const names: string[] = []
  for (const options of [routed, observing, { ...observing, name: 'audit' }]) {
    await using harness = await testBus(options)
    names.push(harness.bus.name)
  }
  expect(names).toEqual(['warehouse', 'test', 'audit'])
  await expect(testBus(several)).rejects.toThrow('its route is "payments"')
})

it('takes the options of a service as they are, but for transport, clock and provisioning', async () => {
  const service = { name: 'orders', transport: 'amqp://nowhere', provision: 'check' as const, ...placing(() => undefined) }
  await using harness = await testBus(service)
  await harness.send(order)
  await harness.settled()
  expect(harness.handled()).toHaveLength(1)
})

it('asks for a container where a handler needs one, as createBus does', async () => {
  @CommandHandler(ShipOrder)
  class Shipping {
    constructor(private readonly orders: Orders) {}
    handle({ orderId }: ShipOrder): void {
      this.orders.save(orderId)
    }
  }
  const saved: string[] = []
  const container = { get: <T>(type: abstract new (...args: never[]) => T): T => Reflect.construct(type, [{ save: (id: string) => saved.push(id) }]) as T }
  // @ts-expect-error -- Shipping has a constructor with parameters, so a container is required
  await expect(testBus({ handlers: [Shipping] })).rejects.toThrow('WAYBILL_CONFIGURATION')
  await using harness = await testBus({ handlers: [Shipping], container })
  await harness.send(new ShipOrder({ orderId: 'A-1' }))
  await harness.settled()
  expect(saved).toEqual(['A-1'])
})
