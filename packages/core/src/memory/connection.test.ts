import { describe, expect, test } from 'vitest'
import { virtualClock } from '../runtime/virtual-clock.js'
import {
  accept,
  endpointNamed,
  fakeHost,
  memoryHarness,
  outgoing,
  read,
  reopenMs,
  toEndpoint,
  unaborted,
  type MemoryHarness,
  type OpenTransport,
} from '../../test/memory-harness.js'
import { createMemoryBroker, memory } from './index.js'

const orders = endpointNamed('orders')
const to = toEndpoint('orders')

async function provisioned(): Promise<MemoryHarness & OpenTransport & { readonly send: (...texts: string[]) => Promise<void> }> {
  const harness = memoryHarness()
  const opened = await harness.open('bus-1')
  await opened.transport.provision({ endpoints: [orders], topics: [] }, 'create')
  const send = async (...texts: string[]): Promise<void> => {
    for (const text of texts) await opened.transport.send([outgoing(to, text)], unaborted)
    await harness.clock.settle()
  }
  return { ...harness, ...opened, send }
}

describe('a connection that is cut', () => {
  test('gives its deliveries back with a raised count, in order, aborts lost, and comes again', async () => {
    const { transport, broker, send, clock, events } = await provisioned()
    const { held, texts } = await read(transport, orders, 2)
    await send('a', 'b', 'c')
    broker.cut()
    expect(held.map(({ delivery }) => delivery.lost.aborted)).toEqual([true, true])
    expect(broker.browse('orders').map(({ deliveryCount, state }) => [deliveryCount, state])).toEqual([
      [2, 'ready'],
      [2, 'ready'],
      [1, 'ready'],
    ])
    held[0]?.settle('accepted')
    await clock.advance(reopenMs)
    expect([texts(), held[2]?.delivery.deliveryCount, held[2]?.delivery.lost.aborted]).toEqual([['a', 'b', 'a', 'b'], 2, false])
    expect(events).toEqual([{ kind: 'late-settlement' }])
    held[2]?.settle('accepted')
    await clock.settle()
    expect(texts()).toEqual(['a', 'b', 'a', 'b', 'c'])
  })

  test('refuses sends, to be tried again, until it is back', async () => {
    const { transport, broker, clock } = await provisioned()
    broker.cut('bus-1')
    expect(await transport.send([outgoing(to, 'a')], unaborted)).toMatchObject([
      { outcome: 'refused', retryable: true, cause: { code: 'WAYBILL_DISCONNECTED' } },
    ])
    await expect(transport.provision({ endpoints: [], topics: [] }, 'check')).rejects.toMatchObject({ code: 'WAYBILL_DISCONNECTED', retryable: true })
    await clock.advance(reopenMs)
    expect(await transport.send([outgoing(to, 'a')], unaborted)).toEqual([])
  })

  test('leaves the others alone', async () => {
    const { broker, open, send, transport } = await provisioned()
    const other = await open('other')
    const mine = await read(transport, orders, 1)
    const theirs = await read(other.transport, orders, 1)
    await send('a', 'b')
    broker.cut('other')
    expect([mine.held[0]?.delivery.lost.aborted, theirs.held[0]?.delivery.lost.aborted]).toEqual([false, true])
    expect(broker.connections()).toEqual(['bus-1'])
  })

  test('lets a subscription that is made meanwhile wait, and one that is stopped meanwhile end', async () => {
    const { transport, broker, send, clock } = await provisioned()
    const before = await read(transport, orders, 1)
    await send('a')
    const stop = before.subscription.stop(unaborted)
    broker.cut()
    await stop
    const subscribing = accept(transport, orders)
    await clock.advance(reopenMs)
    const { texts } = await subscribing
    await clock.settle()
    expect([texts, before.texts(), broker.consumerCount('orders')]).toEqual([['a'], ['a'], 1])
  })

  test('is tried again until the broker takes it', async () => {
    const { transport, broker, send, clock } = await provisioned()
    const { texts } = await accept(transport, orders)
    broker.failConnections({ times: 3 })
    broker.cut()
    await clock.advance(3 * reopenMs)
    expect(broker.connections()).toEqual([])
    await clock.advance(reopenMs)
    await send('a')
    expect(texts).toEqual(['a'])
  })

  test('by the removal of its endpoint consumes again once that is back', async () => {
    const { transport, broker, open, clock } = await provisioned()
    const { held } = await read(transport, orders)
    broker.remove({ endpoint: 'orders' })
    await clock.advance(10 * reopenMs)
    expect(broker.connections()).toEqual([])
    const other = await open('other')
    await other.transport.provision({ endpoints: [orders], topics: [] }, 'create')
    await clock.advance(reopenMs)
    await other.transport.send([outgoing(to, 'a')], unaborted)
    await clock.settle()
    expect(held.map(({ text }) => text)).toEqual(['a'])
  })
})

test('connect rejects when the broker refuses for good, and only then', async () => {
  const { open, broker, clock } = memoryHarness()
  broker.failConnections({ retryable: false, instanceId: 'wrong' })
  await expect(open('wrong')).rejects.toMatchObject({ code: 'WAYBILL_REFUSED', retryable: false })
  broker.failConnections({ cause: new Error('not yet') })
  const opening = open('right')
  await clock.advance(reopenMs)
  expect((await opening).instanceId).toBe('right')
})

describe('close', () => {
  test('gives back what is unsettled, in order and uncounted, and can be called again', async () => {
    const { transport, broker, send } = await provisioned()
    const { held } = await read(transport, orders, 2)
    await send('a', 'b', 'c')
    await Promise.all([transport.close(), transport.close()])
    expect(broker.browse('orders').map(({ state, deliveryCount }) => [state, deliveryCount])).toEqual([
      ['ready', 1],
      ['ready', 1],
      ['ready', 1],
    ])
    expect(held[0]?.delivery.lost.aborted).toBe(true)
    await transport.close()
    expect(broker.connections()).toEqual([])
  })

  test('refuses what comes after it, for good', async () => {
    const { transport } = await provisioned()
    await transport.close()
    expect(await transport.send([outgoing(to, 'a')], unaborted)).toMatchObject([
      { outcome: 'refused', retryable: false, cause: { code: 'WAYBILL_TRANSPORT_CLOSED' } },
    ])
    await expect(transport.subscribe(orders, async () => 'accepted', { prefetch: 1 })).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT_CLOSED' })
    await expect(transport.provision({ endpoints: [], topics: [] }, 'check')).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT_CLOSED' })
  })

  test('ends a subscription that still waits for a connection', async () => {
    const { transport, broker } = await provisioned()
    broker.cut()
    const [subscribed] = await Promise.allSettled([transport.subscribe(orders, async () => 'accepted', { prefetch: 1 }), transport.close()])
    expect(subscribed).toMatchObject({ status: 'rejected', reason: { code: 'WAYBILL_TRANSPORT_CLOSED' } })
  })

  test('leaves no timer behind', async () => {
    const { transport, clock, send } = await provisioned()
    await read(transport, orders, 1)
    await send('a', 'b')
    await transport.close()
    expect(clock.waiting.count).toBe(0)
  })
})

describe('the broker’s clock', () => {
  test('is that of the first bus that connects, and of the next one when nobody is left', async () => {
    const broker = createMemoryBroker()
    const [first, second] = [virtualClock(0), virtualClock(0)]
    const one = memory({ broker }).create()
    await one.connect(fakeHost(first, 'one').host)
    const two = memory({ broker }).create()
    await two.connect(fakeHost(second, 'two').host)
    await one.provision({ endpoints: [orders], topics: [] }, 'create')
    await two.send([outgoing(to, 'a', { notBefore: 100 })], unaborted)
    await second.advance(100)
    expect(broker.depth('orders').delayed).toBe(1)
    await one.close()
    await two.close()
    const three = memory({ broker }).create()
    await three.connect(fakeHost(second, 'three').host)
    await second.advance(1)
    expect(broker.depth('orders')).toMatchObject({ ready: 1, delayed: 0 })
  })
})
