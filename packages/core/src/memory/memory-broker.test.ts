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

const orders = endpointNamed('orders', { topics: [{ name: 'orders.placed', ordered: false }] })

async function provisioned(): Promise<MemoryHarness & OpenTransport> {
  const harness = memoryHarness({ name: 'tests' })
  const opened = await harness.open('bus-1')
  await opened.transport.provision({ endpoints: [orders], topics: [] }, 'create')
  return { ...harness, ...opened }
}

test('raw messages go in to an endpoint or a topic, with a delay, as they are', async () => {
  const { broker, clock } = await provisioned()
  const bytes = Uint8Array.of(1, 2)
  broker.publish({ endpoint: 'orders' }, { body: bytes, headers: { a: 'b' } })
  broker.publish({ topic: 'orders.placed' }, { body: 'text', notBefore: clock.now() + 10 })
  broker.publish({ endpoint: 'orders' }, { body: null })
  bytes.fill(9)
  expect(broker.browse('orders')).toEqual([
    { nativeId: '1', body: Uint8Array.of(1, 2), headers: { a: 'b' }, via: 'address', state: 'ready', deliveryCount: 1 },
    { nativeId: '3', body: null, headers: {}, via: 'address', state: 'ready', deliveryCount: 1 },
    { nativeId: '2', body: new TextEncoder().encode('text'), headers: {}, via: 'topic', state: 'delayed', deliveryCount: 1 },
  ])
  await clock.advance(10)
  expect(broker.depth('orders')).toEqual({ ready: 3, unsettled: 0, delayed: 0 })
})

test('a raw key counts on an ordered endpoint', async () => {
  const { broker, transport, clock } = await provisioned()
  await transport.provision({ endpoints: [endpointNamed('keyed', { ordered: { shards: 2 } })], topics: [] }, 'create')
  const [first, second] = [await read(transport, endpointNamed('keyed')), await read(transport, endpointNamed('keyed'))]
  for (const body of ['1', '2', '3', '4']) broker.publish({ endpoint: 'keyed' }, { body, headers: { ce_partitionkey: 'k' } })
  await clock.settle()
  expect([first.texts(), second.texts()]).toEqual([['1', '2', '3', '4'], []])
})

test('raw reads take out what is ready, in order, and nothing else', async () => {
  const { broker, transport, clock } = await provisioned()
  await read(transport, orders, 1)
  for (const body of ['a', 'b', 'c']) broker.publish({ endpoint: 'orders' }, { body })
  await clock.settle()
  expect([broker.read('orders')?.nativeId, broker.read('orders')?.nativeId, broker.read('orders')]).toEqual(['2', '3', undefined])
  expect(broker.depth('orders')).toEqual({ ready: 0, unsettled: 1, delayed: 0 })
  expect(broker.browse('orders').map(({ state }) => state)).toEqual(['unsettled'])
})

test('an ordered endpoint can be read raw to its end', async () => {
  const { broker, transport } = await provisioned()
  await transport.provision({ endpoints: [endpointNamed('keyed', { ordered: { shards: 2 } })], topics: [] }, 'create')
  for (const body of ['1', '2']) broker.publish({ endpoint: 'keyed' }, { body, headers: { ce_partitionkey: 'k' } })
  expect([broker.read('keyed')?.nativeId, broker.read('keyed')?.nativeId, broker.read('keyed')]).toEqual(['1', '2', undefined])
})

test('what does not exist is named', async () => {
  const { broker } = await provisioned()
  const missing = expect.objectContaining({ code: 'WAYBILL_UNROUTABLE' }) as Error
  expect(() => broker.depth('payments')).toThrow(missing)
  expect(() => broker.publish({ endpoint: 'payments' }, { body: 'x' })).toThrow(missing)
  broker.remove({ topic: 'orders.placed' })
  expect(() => broker.publish({ topic: 'orders.placed' }, { body: 'x' })).toThrow('does not have the topic "orders.placed"')
})

describe('inspect', () => {
  test('counts and shows what an endpoint has, and changes nothing', async () => {
    const { broker, transport, clock } = await provisioned()
    await read(transport, orders, 1)
    await transport.send(
      [outgoing(toEndpoint('orders'), 'a'), outgoing(toEndpoint('orders'), 'b', { notBefore: clock.now() + 10 }), outgoing(toEndpoint('orders'), 'c')],
      unaborted,
    )
    broker.publish({ endpoint: 'orders' }, { body: 'foreign' })
    await clock.settle()
    const seen: unknown[] = []
    for await (const { envelope, original, nativeId } of transport.inspect?.browse(toEndpoint('orders'), { limit: 3, signal: unaborted }) ?? []) {
      seen.push([nativeId, envelope?.type, new TextDecoder().decode(original.body ?? undefined)])
    }
    expect(seen).toEqual([
      ['1', 'orders.test', 'a'],
      ['3', 'orders.test', 'c'],
      ['4', undefined, 'foreign'],
    ])
    expect(await transport.inspect?.depth(toEndpoint('orders'))).toEqual({ ready: 2, unsettled: 1, delayed: 1 })
  })

  test('ends when its signal aborts', async () => {
    const { broker, transport } = await provisioned()
    broker.publish({ endpoint: 'orders' }, { body: 'a' })
    const browsing = transport.inspect?.browse(toEndpoint('orders'), { limit: 3, signal: AbortSignal.abort(new Error('enough')) })
    await expect(browsing?.[Symbol.asyncIterator]().next()).rejects.toThrow('enough')
  })

  test('never guesses', async () => {
    const { transport } = await provisioned()
    await expect(transport.inspect?.depth(toTopic('orders.placed'))).rejects.toMatchObject({ code: 'WAYBILL_NOT_SUPPORTED' })
    await expect(transport.inspect?.depth(toEndpoint('payments'))).rejects.toMatchObject({ code: 'WAYBILL_UNROUTABLE' })
  })
})
