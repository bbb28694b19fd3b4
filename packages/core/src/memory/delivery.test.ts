import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import {
  endpointNamed,
  memoryHarness,
  outgoing,
  read,
  toEndpoint,
  toTopic,
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

describe('a delivery', () => {
  test('says what it is, how it came, and who it is over redeliveries', async () => {
    const { transport, send, clock } = await provisioned()
    const { held } = await read(transport, orders)
    await send('a')
    await transport.send([outgoing(toTopic('orders.placed'), 'b')], unaborted)
    await clock.settle()
    expect(held.map(({ delivery: { via, deliveryCount, nativeId } }) => [via, deliveryCount, nativeId])).toEqual([
      ['address', 1, '1'],
      ['topic', 1, '2'],
    ])
    held[0]?.settle('released')
    await clock.settle()
    expect([held[2]?.text, held[2]?.delivery.nativeId, held[2]?.delivery.deliveryCount]).toEqual(['a', '1', 1])
  })

  test('is nobody else’s: what a handler changes reaches neither siblings nor the redelivery nor the original', async () => {
    const { transport, clock, broker } = await provisioned()
    const audit = endpointNamed('audit', { topics: orders.topics })
    await transport.provision({ endpoints: [audit], topics: [] }, 'create')
    const [first, second] = [await read(transport, orders), await read(transport, audit)]
    const headers = Object.assign(Object.create(null) as Record<string, string>, { tenant: 'acme' })
    await transport.send([outgoing(toTopic('orders.placed'), 'before', { envelope: { headers } })], unaborted)
    await clock.settle()
    const envelope = first.held[0]?.delivery.envelope
    envelope?.body?.fill(0)
    if (envelope !== undefined) Reflect.set(envelope.headers, 'tenant', 'other')
    expect(first.held[0]?.text).toBe('before')
    first.held[0]?.settle('released')
    await clock.settle()
    const again = [first.held[1]?.delivery, second.held[0]?.delivery]
    expect(again.map((delivery) => [new TextDecoder().decode(delivery?.envelope?.body ?? undefined), delivery?.envelope?.headers['tenant']])).toEqual([
      ['before', 'acme'],
      ['before', 'acme'],
    ])
    broker.browse('orders')[0]?.body?.fill(0)
    expect(new TextDecoder().decode(broker.browse('orders')[0]?.body ?? undefined)).toBe('before')
  })

  test('of a message that Waybill did not write has an identity and no envelope', async () => {
    const { transport, broker, clock } = await provisioned()
    const { held } = await read(transport, orders)
    const nativeId = broker.publish({ endpoint: 'orders' }, { body: Uint8Array.of(255, 0), headers: { 'x-foreign': 'yes' } })
    await clock.settle()
    const delivery = held[0]?.delivery
    expect([delivery?.envelope, delivery?.nativeId, delivery?.original.body]).toEqual([undefined, nativeId, Uint8Array.of(255, 0)])
    expect(JSON.parse(delivery?.original.native ?? '')).toEqual({ nativeId, headers: { 'x-foreign': 'yes' } })
  })

  test('with a tombstone has no body', async () => {
    const { transport, broker, clock } = await provisioned()
    const { held } = await read(transport, orders)
    await transport.send([outgoing(toEndpoint('orders'), '', { envelope: { body: null } })], unaborted)
    await clock.settle()
    expect([held[0]?.delivery.envelope?.body, held[0]?.delivery.original.body, broker.browse('orders')[0]?.body]).toEqual([null, null, null])
  })

  test('begins after the send has returned, outside of the sender’s ambient context', async () => {
    const { transport, clock } = await provisioned()
    const ambient = new AsyncLocalStorage<string>()
    const happened: unknown[] = []
    await transport.subscribe(
      orders,
      async () => {
        happened.push(ambient.getStore() ?? 'outside')
        return 'accepted'
      },
      { prefetch: 1 },
    )
    ambient.run('sender', () => {
      void transport.send([outgoing(toEndpoint('orders'), 'a')], unaborted)
      happened.push('sent')
    })
    await clock.settle()
    expect(happened).toEqual(['sent', 'outside'])
  })

  test('does not count where options say so', async () => {
    const { transport, send } = await provisioned({ deliveryCount: 'none' })
    const { held } = await read(transport, orders)
    await send('a')
    expect(held[0]?.delivery.deliveryCount).toBeUndefined()
  })

  test('counts releases too where options say so', async () => {
    const { transport, send, clock } = await provisioned({ deliveryCount: 'all' })
    const { held } = await read(transport, orders)
    await send('a')
    held[0]?.settle('released')
    await clock.settle()
    expect(held.map(({ delivery }) => delivery.deliveryCount)).toEqual([1, 2])
  })

  test('counts what a stop gives back too, where releases are counted', async () => {
    const { transport, send, broker } = await provisioned({ deliveryCount: 'all' })
    const { subscription } = await read(transport, orders)
    await send('a')
    await subscription.stop(AbortSignal.abort())
    expect(broker.browse('orders').map(({ deliveryCount }) => deliveryCount)).toEqual([2])
  })
})

describe('competing consumers', () => {
  test('of one endpoint get turns, each as far as it has room', async () => {
    const { transport, open, send } = await provisioned()
    const other = await open('other')
    const [first, second] = [await read(transport, orders, 2), await read(other.transport, orders, 1)]
    await send('a', 'b', 'c', 'd')
    expect([first.texts(), second.texts()]).toEqual([['a', 'c'], ['b']])
    second.held[0]?.settle('accepted')
    await send()
    expect(second.texts()).toEqual(['b', 'd'])
  })

  test('of an ordered endpoint never share a key', async () => {
    const { open, transport, clock } = await provisioned()
    const other = await open('other')
    const keyed = endpointNamed('keyed', { ordered: { shards: 4 } })
    await transport.provision({ endpoints: [keyed], topics: [] }, 'create')
    const readers = [await read(transport, keyed), await read(other.transport, keyed)]
    for (const text of ['k1', 'l1', 'k2', 'l2', 'k3'])
      await transport.send([outgoing(toEndpoint('keyed', true), text, { envelope: { key: text.charAt(0) } })], unaborted)
    await clock.settle()
    const keys = readers.map(({ held }) => new Set(held.map(({ key }) => key)))
    expect([...(keys[0] ?? [])].filter((key) => keys[1]?.has(key))).toEqual([])
    expect(readers.flatMap((reader) => reader.texts()).filter((text) => text.startsWith('k'))).toEqual(['k1', 'k2', 'k3'])
  })
})
