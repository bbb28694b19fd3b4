// #region setup
import { createBus, on, type Logger } from '@waybill/core'
import { createMemoryBroker, memory } from '@waybill/core/memory'
import { crashAt, observe, virtualClock, type InstrumentationEvents } from '@waybill/core/runtime'
import { afterEach, expect, it } from 'vitest'
import { PlaceOrderHandler } from './class-handler.js'
import { OrderPlaced, PlaceOrder } from './messages.js'

const order = { orderId: crypto.randomUUID(), customer: 'ada@example.org', lines: [{ sku: 'A-1', quantity: 2 }] }
const quiet: Logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A service on a broker and a clock of its own. */
async function started(save: () => Promise<void>) {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const placed: OrderPlaced[] = []
  const handlers = [new PlaceOrderHandler({ save }), on(OrderPlaced, { id: 'test.placed' }, (event) => void placed.push(event))]
  const bus = createBus({ name: 'orders', transport: memory({ broker }), clock, handlers, logger: quiet })
  await bus.start()
  ends.push(() => bus.stop())
  return { clock, broker, bus, placed }
}
// #endregion

// #region success
it('publishes that the order was placed', async () => {
  const { bus, clock, placed } = await started(async () => {})
  expect(await bus.request(new PlaceOrder(order))).toEqual({ pieces: 2 })
  await clock.settle() // everything that needs no time
  expect(placed).toMatchObject([{ orderId: order.orderId }])
})
// #endregion

// #region retries
it('publishes nothing until a retry succeeds', async () => {
  let failures = 3
  const { bus, clock, placed } = await started(async () => {
    if (failures-- > 0) throw new Error('the database is away')
  })
  await bus.send(new PlaceOrder(order))
  await clock.settle() // the first attempt and two more at once
  expect(placed).toEqual([])
  await clock.advance(10_000)
  expect(placed).toHaveLength(1)
})

it('keeps what never succeeds as a dead letter', async () => {
  const { bus, broker, clock } = await started(() => Promise.reject(new Error('the database is away')))
  await bus.send(new PlaceOrder(order))
  await clock.advance(70_000) // 10 s and 1 m
  expect(broker.deadLetters('orders')).toMatchObject([{ headers: { 'waybill-dead-letter-reason': 'retries-exhausted', 'waybill-dead-letter-attempts': '9' } }])
})
// #endregion

// #region crash
it('publishes under the same id when the process dies before it settles', async () => {
  const sent: string[] = []
  const note = ({ outgoing, outcome }: InstrumentationEvents['send']): void => {
    if (outgoing.envelope.type === OrderPlaced.type && outcome === 'confirmed') sent.push(outgoing.envelope.id)
  }
  const { bus, broker, clock } = await started(async () => {})
  ends.unshift(observe('send', note))
  const { reached } = crashAt('after-flush')
  await bus.send(new PlaceOrder(order))
  await reached // as far as the broker sees, the process is dead: its connection is cut
  ends.length = 1 // and a dead process is not stopped

  const other = createBus({
    name: 'orders',
    transport: memory({ broker }),
    clock,
    handlers: [new PlaceOrderHandler({ save: async () => {} })],
    sends: [OrderPlaced],
    logger: quiet,
  })
  await other.start()
  ends.push(() => other.stop())
  await clock.advance(1_000)
  expect(sent).toHaveLength(2)
  expect(new Set(sent).size).toBe(1)
})
// #endregion

// #region refused
it('sends again, alone and with its id, what the broker refuses for a while', async () => {
  let runs = 0
  const { bus, broker, clock, placed } = await started(async () => void (runs += 1))
  const outcomes: string[] = []
  ends.push(observe('send', ({ outgoing, outcome }) => void (outgoing.envelope.kind === 'event' && outcomes.push(outcome))))
  broker.failSends({ times: 2, where: ({ envelope }) => envelope.kind === 'event' })
  await bus.send(new PlaceOrder(order))
  await clock.advance(10_000)
  expect(outcomes).toEqual(['refused', 'refused', 'confirmed'])
  expect(runs).toBe(1)
  expect(placed).toHaveLength(1)
})
// #endregion
