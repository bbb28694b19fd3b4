import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { Delivery, Disposition } from '../contract/index.js'
import {
  accept,
  endpointNamed,
  memoryHarness,
  outgoing,
  read,
  toEndpoint,
  unaborted,
  type MemoryHarness,
  type OpenTransport,
} from '../../test/memory-harness.js'
import type { NarrowedCapabilities } from './capabilities.js'

const orders = endpointNamed('orders', { topics: [{ name: 'orders.placed', ordered: false }] })

async function provisioned(
  capabilities: NarrowedCapabilities = {},
): Promise<MemoryHarness & OpenTransport & { readonly send: (...texts: string[]) => Promise<void> }> {
  const harness = memoryHarness()
  const opened = await harness.open('reader', capabilities)
  await opened.transport.provision({ endpoints: [orders], topics: [] }, 'create')
  const send = async (...texts: string[]): Promise<void> => {
    for (const text of texts) await opened.transport.send([outgoing(toEndpoint('orders'), text)], unaborted)
    await harness.clock.settle()
  }
  return { ...harness, ...opened, send }
}

describe('limit', () => {
  test('0 pauses and keeps what is held; more lets the next ones in', async () => {
    const { transport, send, broker, clock } = await provisioned()
    const { subscription, held, texts } = await read(transport, orders, 1)
    await send('a', 'b', 'c')
    await subscription.limit(0)
    expect(broker.depth('orders')).toEqual({ ready: 2, unsettled: 1, delayed: 0 })
    held[0]?.settle('accepted')
    await clock.settle()
    expect(texts()).toEqual(['a'])
    await subscription.limit(2)
    await clock.settle()
    expect(texts()).toEqual(['a', 'b', 'c'])
  })

  test('holds over a lost connection', async () => {
    const { transport, send, broker, clock } = await provisioned()
    const { subscription, texts } = await read(transport, orders, 5)
    await subscription.limit(0)
    broker.cut()
    await clock.advance(100)
    await send('a')
    expect([broker.consumerCount('orders'), texts()]).toEqual([1, []])
  })
})

describe('stop', () => {
  test('lets what is held end, and resolves when it is settled', async () => {
    const { transport, send, broker, clock } = await provisioned()
    const { subscription, held, texts } = await read(transport, orders, 2)
    await send('a', 'b', 'c')
    let stopped = false
    const stop = subscription.stop(unaborted).then(() => (stopped = true))
    held[0]?.settle('accepted')
    await clock.settle()
    expect([stopped, broker.consumerCount('orders')]).toEqual([false, 1])
    held[1]?.settle('released')
    await stop
    expect([broker.consumerCount('orders'), broker.depth('orders'), texts()]).toEqual([0, { ready: 2, unsettled: 0, delayed: 0 }, ['a', 'b']])
    await subscription.stop(unaborted)
  })

  test('gives back in order, uncounted, what is unsettled when its signal aborts; a later settlement is counted and does nothing', async () => {
    const { transport, send, broker, clock, events } = await provisioned()
    const { subscription, held } = await read(transport, orders, 2)
    await send('a', 'b', 'c')
    const controller = new AbortController()
    const stop = subscription.stop(controller.signal)
    controller.abort()
    await stop
    expect(broker.browse('orders').map(({ body, state, deliveryCount }) => [new TextDecoder().decode(body ?? undefined), state, deliveryCount])).toEqual([
      ['a', 'ready', 1],
      ['b', 'ready', 1],
      ['c', 'ready', 1],
    ])
    expect(held[0]?.delivery.lost.aborted).toBe(true)
    held[0]?.settle('accepted')
    await clock.settle()
    expect([events, broker.depth('orders').ready]).toEqual([[{ kind: 'late-settlement' }], 3])
  })

  test('ends at once with a signal that is aborted, when nothing is held, and when it is called again with one', async () => {
    const { transport, broker, send } = await provisioned()
    const idle = await read(transport, orders, 1)
    await idle.subscription.stop(unaborted)
    const busy = await read(transport, orders, 1)
    await send('a')
    const first = busy.subscription.stop(unaborted)
    await busy.subscription.stop(AbortSignal.abort())
    await first
    expect([broker.consumerCount('orders'), broker.depth('orders').ready]).toEqual([0, 1])
  })

  test('leaves no listener on its signal', async () => {
    const { transport, send } = await provisioned()
    const { subscription, held } = await read(transport, orders, 1)
    await send('a')
    const { signal } = new AbortController()
    const stop = subscription.stop(signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    held[0]?.settle('accepted')
    await stop
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('is not undone by a limit', async () => {
    const { transport, send, clock } = await provisioned()
    const { subscription, texts } = await read(transport, orders, 1)
    await send('a', 'b')
    const stop = subscription.stop(unaborted)
    await subscription.limit(10)
    await clock.settle()
    expect(texts()).toEqual(['a'])
    await transport.close()
    await stop
  })
})

describe('a settlement', () => {
  test('that fails is repeated until it reaches the broker, and stop waits for it', async () => {
    const { transport, send, broker, clock } = await provisioned()
    const { subscription, held, texts } = await read(transport, orders)
    broker.failSettlements({ times: 3 })
    await send('a')
    held[0]?.settle('accepted')
    const stop = subscription.stop(unaborted)
    await clock.settle()
    expect(broker.depth('orders').unsettled).toBe(1)
    await clock.advance(10 + 20)
    expect(broker.depth('orders').unsettled).toBe(1)
    await clock.advance(40)
    await stop
    expect([broker.depth('orders'), texts()]).toEqual([{ ready: 0, unsettled: 0, delayed: 0 }, ['a']])
  })

  test('that fails is given up when the connection is lost, and counted', async () => {
    const { transport, send, broker, clock, events } = await provisioned()
    const { held } = await read(transport, orders)
    broker.failSettlements({ times: Infinity })
    await send('a')
    held[0]?.settle('accepted')
    await clock.settle()
    broker.cut()
    await clock.advance(1_000)
    expect(events).toEqual([{ kind: 'late-settlement' }])
    expect(held.map(({ delivery }) => delivery.deliveryCount)).toEqual([1, 2])
  })

  test('that core fails to give keeps the delivery held and is reported', async () => {
    const { transport, send, broker, events } = await provisioned()
    const defect = new Error('core never rejects')
    await transport.subscribe(orders, (_: Delivery): Promise<Disposition> => Promise.reject(defect), { prefetch: 5 })
    await send('a')
    expect([events, broker.depth('orders').unsettled]).toEqual([[{ kind: 'defect', cause: defect }], 1])
    await transport.close()
    expect(broker.depth('orders').ready).toBe(1)
  })
})

describe('subscribe', () => {
  test('to an endpoint that is not provisioned rejects, and nothing is left of it', async () => {
    const { transport, broker, clock } = await provisioned()
    await expect(transport.subscribe(endpointNamed('payments'), async () => 'accepted', { prefetch: 1 })).rejects.toMatchObject({
      code: 'WAYBILL_UNROUTABLE',
      retryable: false,
    })
    broker.cut()
    await clock.advance(100)
    expect(broker.connections()).toEqual(['reader'])
  })

  test('with a replay is refused', async () => {
    const { transport } = await provisioned()
    await expect(transport.subscribe(orders, async () => 'accepted', { prefetch: 1, replay: { as: 'again', from: 'earliest' } })).rejects.toMatchObject({
      code: 'WAYBILL_NOT_SUPPORTED',
    })
  })

  test('mints an address that reaches this endpoint from another bus', async () => {
    const { transport, open, clock } = await provisioned()
    const { subscription, texts } = await accept(transport, orders)
    const other = await open('other')
    expect(await other.transport.send([outgoing({ kind: 'address', address: subscription.address }, 'a')], unaborted)).toEqual([])
    await clock.settle()
    expect(texts).toEqual(['a'])
    expect(subscription.address).toMatch(/^memory:\/\/[^/]+\/orders$/)
  })
})
