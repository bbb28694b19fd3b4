import { createBus, type Bus, type Middleware } from '@waybill/core'
import { observe } from '@waybill/core/runtime'
import { memoryBroker } from '@waybill/core/memory'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { audit, cancellations, getOrder } from './function-handlers.js'
import { Orders } from './handlers-on-methods.js'
import { AuditLog, bus as containerBus, container } from './inversify.js'
import { bus as scopedBus, committed } from './message-scope.js'
import { GetOrder, OrderCanceled, OrderPlaced, PlaceOrder } from './messages.js'
import { Tenant, tenant, timing } from './middleware.js'
import { createOrdersBus } from './options.js'
import { answers, CardDeclined, ChargeCard, charged, GatewayTimeout } from './recovery.js'

const orderId = '0a6936c0-5688-4a14-acf5-c2b12a42831c'
const place = new PlaceOrder({
  orderId,
  lines: [
    { sku: 'cup', quantity: 3 },
    { sku: 'pot', quantity: 1 },
  ],
})
const silent = { trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

const buses: Bus[] = []
const started = async (bus: Bus): Promise<Bus> => {
  buses.push(bus)
  await bus.start()
  return bus
}
/** Resolves when so many handlers have ended. */
const handled = (count: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let ended = 0
  const stop = observe('handled', () => {
    ended += 1
    if (ended < count) return
    stop()
    resolve()
  })
  return promise
}
const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
})
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()))
  vi.restoreAllMocks()
})

describe('handlers on methods', () => {
  it('share their class', async () => {
    const bus = await started(createBus({ name: 'orders', transport: 'memory:', handlers: [Orders] }))
    expect(await bus.request(new GetOrder({ orderId }))).toEqual({ orderId, status: 'unknown' })
    const placed = handled(2)
    expect(await bus.request(place)).toEqual({ pieces: 4 })
    await placed
    expect(await bus.request(new GetOrder({ orderId }))).toEqual({ orderId, status: 'placed' })
    const canceled = handled(1)
    await bus.publish(new OrderCanceled({ orderId }))
    await canceled
    expect(await bus.request(new GetOrder({ orderId }))).toEqual({ orderId, status: 'canceled' })
  })
})

describe('handlers that are functions', () => {
  it('handle events and answer queries', async () => {
    const bus = await started(createBus({ name: 'orders', transport: 'memory:', handlers: [cancellations, audit, getOrder] }))
    expect(await bus.request(new GetOrder({ orderId }))).toEqual({ orderId, status: 'unknown' })
    const end = handled(2)
    await bus.publish(new OrderCanceled({ orderId }))
    await end
    expect(await bus.request(new GetOrder({ orderId }))).toEqual({ orderId, status: 'canceled' })
    expect(lines).toEqual([`orders.order-canceled of order ${orderId}, attempt 1`])
  })
})

describe('middleware', () => {
  it('hands the tenant on, and sees how long handlers take', async () => {
    const seen: string[] = []
    const spy: Middleware = {
      name: 'spy',
      incoming: {
        message(context, next) {
          seen.push(`${context.type} of ${context.get(Tenant)}`)
          return next(context)
        },
      },
    }
    const times: [string, number][] = []
    const bus = await started(
      createBus({
        name: 'orders',
        transport: 'memory:',
        handlers: [Orders, audit],
        middleware: [timing((handler, ms) => times.push([handler, ms])), tenant, spy],
      }),
    )
    const end = handled(3)
    await bus.send(place, { headers: { tenant: 'acme' } })
    await end
    expect(seen.toSorted()).toEqual(['orders.order-placed of acme', 'orders.order-placed of acme', 'orders.place-order of acme'])
    expect(times.map(([handler]) => handler).toSorted()).toEqual(['audit', 'orders.place-order', 'orders.statuses'])
    expect(times.every(([, ms]) => ms >= 0)).toBe(true)
  })
})

describe('options', () => {
  it('make a bus with two endpoints', async () => {
    const bus = await started(createOrdersBus('memory:'))
    const { endpoints } = await bus.describe()
    expect(endpoints.map(({ name, concurrency }) => [name, concurrency])).toEqual([
      ['orders', 20],
      ['orders.audit', 1],
    ])
    const end = handled(3)
    await bus.send(place)
    await end
    expect(lines).toEqual([`orders.order-placed of order ${orderId}, attempt 1`])
  })
})

describe('recovery', () => {
  it('tries a time-out again at once', async () => {
    const bus = await started(createBus({ name: 'payments', transport: 'memory:', handlers: [ChargeCard], logger: silent }))
    answers.push(new GatewayTimeout(), new GatewayTimeout())
    const end = handled(1)
    await bus.publish(new OrderPlaced({ orderId, pieces: 4 }))
    await end
    expect(charged.splice(0)).toEqual([orderId])
  })

  it('dead-letters what cannot succeed', async () => {
    const bus = await started(createBus({ name: 'payments', transport: 'memory:readme-recovery', handlers: [ChargeCard], logger: silent }))
    const letters: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = observe('deadLetter', ({ error }) => {
      letters.push(error instanceof Error ? error.constructor.name : '')
      if (letters.length === 2) resolve()
    })
    answers.push(new CardDeclined())
    await bus.publish(new OrderPlaced({ orderId, pieces: 4 }))
    await bus.publish(new OrderPlaced({ orderId, pieces: 4000 }))
    await promise
    stop()
    expect(letters.toSorted()).toEqual(['CardDeclined', 'UnrecoverableError'])
    expect(memoryBroker('readme-recovery').deadLetters('payments')).toHaveLength(2)
    expect(charged).toEqual([])
  })
})

describe('inversify', () => {
  it('makes the handler, and gives a singleton the context of each message', async () => {
    const bus = await started(containerBus)
    await bus.request(place)
    await bus.request(place)
    expect(container.get(AuditLog).lines).toEqual(['orders.place-order: 4 pieces', 'orders.place-order: 4 pieces'])
  })

  it('gives middleware and handler one unit of work for each message', async () => {
    const bus = await started(scopedBus)
    await bus.request(place)
    await bus.request(place)
    expect(committed).toEqual([['4 pieces'], ['4 pieces']])
  })
})
