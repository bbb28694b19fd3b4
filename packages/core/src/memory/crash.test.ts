import { describe, expect, test } from 'vitest'
import {
  crash,
  endpointNamed,
  memoryHarness,
  outgoing,
  read,
  toEndpoint,
  unaborted,
  type MemoryHarness,
  type OpenTransport,
} from '../../test/memory-harness.js'

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

/** Whether a promise is settled after everything else is. */
async function isPending({ clock }: MemoryHarness, promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  const settled = (): void => void (pending = false)
  void promise.then(settled, settled)
  await clock.advance(60_000)
  return pending
}

describe('a bus that crashes', () => {
  test('loses its consumers; another one gets what it held, counted, in order', async () => {
    const { transport, broker, open, send, clock } = await provisioned()
    const { held } = await read(transport, orders, 2)
    await send('a', 'b', 'c')
    crash('bus-1')
    expect([broker.consumerCount('orders'), broker.connections()]).toEqual([0, []])
    const other = await open('other')
    const second = await read(other.transport, orders)
    await clock.settle()
    expect(second.held.map(({ text, delivery }) => [text, delivery.deliveryCount])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 1],
    ])
    expect(held.map(({ delivery }) => delivery.lost.aborted)).toEqual([false, false])
  })

  test('does nothing any more: it neither connects again nor settles nor reports nor sends', async () => {
    const all = await provisioned()
    const { transport, broker, clock, events } = all
    const { held, texts } = await read(transport, orders, 1)
    broker.holdSends()
    const pending = transport.send([outgoing(to, 'pending')], unaborted)
    broker.publish({ endpoint: 'orders' }, { body: 'a' })
    await clock.settle()
    crash('bus-1')
    held[0]?.settle('accepted')
    broker.resumeSends()
    expect(await isPending(all, pending)).toBe(true)
    expect(await isPending(all, transport.send([outgoing(to, 'later')], unaborted))).toBe(true)
    expect(
      await isPending(
        all,
        transport.subscribe(orders, async () => 'accepted', { prefetch: 1 }),
      ),
    ).toBe(true)
    expect(await isPending(all, transport.provision({ endpoints: [], topics: [] }, 'create'))).toBe(true)
    expect([texts(), events, broker.connections(), broker.depth('orders').ready]).toEqual([['a'], [], [], 1])
  })

  test('does not come back when it was disconnected', async () => {
    const { broker, clock } = await provisioned()
    broker.cut()
    crash('bus-1')
    await clock.advance(60_000)
    expect(broker.connections()).toEqual([])
  })

  test('ends its stops, and can be closed', async () => {
    const { transport, broker, send } = await provisioned()
    const { subscription } = await read(transport, orders)
    await send('a')
    const stop = subscription.stop(unaborted)
    crash('bus-1')
    await stop
    await subscription.limit(1)
    await transport.close()
    expect(broker.depth('orders')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
  })

  test('is that bus alone', async () => {
    const { broker, transport } = await provisioned()
    crash('somebody else')
    expect(broker.connections()).toEqual(['bus-1'])
    expect(await transport.send([outgoing(to, 'a')], unaborted)).toEqual([])
  })
})
