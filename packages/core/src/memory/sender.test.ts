import { describe, expect, test } from 'vitest'
import type { Outgoing } from '../contract/index.js'
import { endpointNamed, memoryHarness, outgoing, toEndpoint, toTopic, unaborted, type MemoryHarness, type OpenTransport } from '../../test/memory-harness.js'
import type { NarrowedCapabilities } from './capabilities.js'

const placed = { name: 'orders.placed', ordered: false }
const orders = toEndpoint('orders')

async function provisioned(capabilities: NarrowedCapabilities = {}, harness: MemoryHarness = memoryHarness()): Promise<MemoryHarness & OpenTransport> {
  const opened = await harness.open('sender', capabilities)
  await opened.transport.provision(
    { endpoints: [endpointNamed('orders', { topics: [placed] }), endpointNamed('audit', { topics: [placed] })], topics: [] },
    'create',
  )
  return { ...harness, ...opened }
}

const bodies = ({ broker }: MemoryHarness, endpoint = 'orders'): string[] =>
  broker.browse(endpoint).map(({ body }) => new TextDecoder().decode(body ?? new Uint8Array()))

describe('a message', () => {
  test('is taken by its endpoint alone, or by every endpoint that subscribes to its topic', async () => {
    const all = await provisioned()
    expect(await all.transport.send([outgoing(orders, 'one')], unaborted)).toEqual([])
    expect(await all.transport.send([outgoing(toTopic('orders.placed'), 'all')], unaborted)).toEqual([])
    expect([bodies(all), bodies(all, 'audit')]).toEqual([['one', 'all'], ['all']])
    expect(all.broker.browse('orders').map(({ via }) => via)).toEqual(['address', 'topic'])
  })

  test('to a topic without subscribers is taken', async () => {
    const { transport } = await provisioned()
    await transport.provision({ endpoints: [], topics: [{ name: 'nobody', ordered: false }] }, 'create')
    expect(await transport.send([outgoing(toTopic('nobody'), 'x')], unaborted)).toEqual([])
  })

  test.each([
    [toEndpoint('payments'), 'the endpoint "payments"', 'is the endpoint "payments" provisioned?'],
    [toTopic('payments.made'), 'the topic "payments.made"', 'is the topic "payments.made" provisioned?'],
    [{ kind: 'address', address: 'memory://gone/x' } as const, 'the address "memory://gone/x"', 'the subscription that minted it has ended; ask for a new one'],
  ])('to nobody is refused, with advice: %j', async (to, what, advice) => {
    const { transport } = await provisioned()
    const [failure] = await transport.send([outgoing(to, 'x')], unaborted)
    expect(failure).toMatchObject({ index: 0, outcome: 'refused', retryable: false, cause: { code: 'WAYBILL_UNROUTABLE', retryable: false, advice } })
    expect(String(failure?.cause)).toContain(`does not have ${what} (WAYBILL_UNROUTABLE)`)
  })

  test('that is a reply to an address that is gone is taken, dropped and counted', async () => {
    const { transport, events } = await provisioned()
    expect(await transport.send([outgoing({ kind: 'address', address: 'memory://gone/x' }, 'x', { envelope: { kind: 'reply' } })], unaborted)).toEqual([])
    expect(events).toEqual([{ kind: 'dropped-reply' }])
  })

  test('is copied: the sender may use its bytes again', async () => {
    const all = await provisioned()
    const message = outgoing(toTopic('orders.placed'), 'before')
    await all.transport.send([message], unaborted)
    message.envelope.body?.fill(0)
    expect([bodies(all), bodies(all, 'audit')]).toEqual([['before'], ['before']])
  })

  test('that is larger than the limit is refused', async () => {
    const { transport } = await provisioned({ limits: { messageBytes: 2_000 } })
    const [failure] = await transport.send([outgoing(orders, 'x'.repeat(2_001))], unaborted)
    expect(failure).toMatchObject({ outcome: 'refused', retryable: false, cause: { code: 'WAYBILL_MESSAGE_TOO_LARGE', retryable: false } })
    expect(await transport.send([outgoing(orders, 'x'.repeat(1_000))], unaborted)).toEqual([])
  })

  test('is bounded by sizeOf from above, in every part', async () => {
    const { transport } = await provisioned()
    const headers = (text: string): Record<string, string> => Object.assign(Object.create(null) as Record<string, string>, { [text]: text })
    const euro = '€'.repeat(1_000)
    const size = (message: Outgoing): number => transport.sizeOf?.(message) ?? 0
    const least = size(outgoing(orders, ''))
    expect(size(outgoing(orders, euro))).toBeGreaterThanOrEqual(least + 3_000)
    for (const envelope of [{ headers: headers(euro) }, { system: headers(euro) }])
      expect(size(outgoing(orders, '', { envelope }))).toBeGreaterThanOrEqual(least + 6_000)
    for (const field of ['id', 'type', 'source', 'contentType', 'key', 'correlationId', 'causationId', 'replyTo']) {
      expect(size(outgoing(orders, '', { envelope: { [field]: euro } }))).toBeGreaterThanOrEqual(3_000)
    }
    expect(size(outgoing(orders, '', { original: { body: new Uint8Array(500), native: 'x'.repeat(1_000) } }))).toBeGreaterThanOrEqual(1_500)
  })

  test('with an original carries its native bytes and headers, and the system headers of the copy', async () => {
    const { transport, broker } = await provisioned()
    broker.publish({ endpoint: 'orders' }, { body: Uint8Array.of(0, 255, 1), headers: { 'x-foreign': 'yes' } })
    const original = { body: Uint8Array.of(0, 255, 1), native: JSON.stringify({ headers: { 'x-foreign': 'yes' } }) }
    const system = Object.assign(Object.create(null) as Record<string, string>, { reason: 'invalid' })
    await transport.send([outgoing(toEndpoint('orders.dead-letter'), 'not this', { original, envelope: { system } })], unaborted)
    const [dead] = broker.deadLetters('orders')
    expect(dead).toMatchObject({ body: Uint8Array.of(0, 255, 1), headers: { 'x-foreign': 'yes', 'waybill-reason': 'invalid' } })
    expect(broker.deadLetters()).toEqual([dead])
  })

  test('with an original of another transport is refused alone', async () => {
    const { transport } = await provisioned()
    const failures = await transport.send([outgoing(orders, 'a', { original: { body: null, native: 'properties' } }), outgoing(orders, 'b')], unaborted)
    expect(failures).toMatchObject([{ index: 0, outcome: 'refused', retryable: false, cause: { code: 'WAYBILL_FOREIGN_ORIGINAL' } }])
  })
})

describe('a call', () => {
  test('without messages is confirmed', async () => {
    expect(await (await provisioned()).transport.send([], unaborted)).toEqual([])
  })

  test('that is aborted before it starts sends nothing', async () => {
    const all = await provisioned()
    const failures = await all.transport.send([outgoing(orders, 'a'), outgoing(orders, 'b')], AbortSignal.abort('too late'))
    expect(failures).toEqual([0, 1].map((index) => ({ index, outcome: 'refused', retryable: true, cause: 'too late' })))
    expect(bodies(all)).toEqual([])
  })

  test('stops a key at its first failure and goes on with the others', async () => {
    const all = await provisioned()
    all.broker.failSends({ where: ({ envelope }) => envelope.id === 'second' })
    const messages = [
      outgoing(orders, 'k1', { envelope: { key: 'k' } }),
      outgoing(orders, 'k2', { envelope: { key: 'k', id: 'second' } }),
      outgoing(orders, 'l1', { envelope: { key: 'l' } }),
      outgoing(orders, 'k3', { envelope: { key: 'k' } }),
      outgoing(orders, 'free'),
    ]
    const failures = await all.transport.send(messages, unaborted)
    expect(failures.map(({ index, outcome, retryable }) => [index, outcome, retryable])).toEqual([
      [1, 'refused', true],
      [3, 'refused', true],
    ])
    expect(bodies(all)).toEqual(['k1', 'l1', 'free'])
  })

  test('with more messages or bytes than a request takes is refused whole', async () => {
    const all = await provisioned({ limits: { batchCount: 2, batchBytes: 3_000 } })
    const three = await all.transport.send([outgoing(orders, 'a'), outgoing(orders, 'b'), outgoing(orders, 'c')], unaborted)
    expect(three).toMatchObject([0, 1, 2].map((index) => ({ index, outcome: 'refused', retryable: false, cause: { code: 'WAYBILL_BATCH_TOO_LARGE' } })))
    const large = await all.transport.send([outgoing(orders, 'a'.repeat(1_500)), outgoing(orders, 'b'.repeat(1_500))], unaborted)
    expect(large).toMatchObject([{ cause: { code: 'WAYBILL_BATCH_TOO_LARGE' } }, { outcome: 'refused' }])
    expect(bodies(all)).toEqual([])
  })
})

describe('a delay', () => {
  test('of any length is kept on the clock, to endpoints and topics, with one timer', async () => {
    const all = await provisioned()
    const { clock, transport, broker } = all
    const day = 86_400_000
    const start = clock.now()
    await transport.send(
      [outgoing(orders, 'in 40 days', { notBefore: start + 40 * day }), outgoing(orders, 'in a second', { notBefore: start + 1_000 })],
      unaborted,
    )
    await transport.send([outgoing(toTopic('orders.placed'), 'in two', { notBefore: start + 2_000 })], unaborted)
    await transport.send([outgoing(orders, 'over', { notBefore: start })], unaborted)
    expect(broker.depth('orders')).toEqual({ ready: 1, unsettled: 0, delayed: 3 })
    expect(clock.waiting.count).toBe(1)
    expect(bodies(all)).toEqual(['over', 'in a second', 'in two', 'in 40 days'])
    await clock.advance(999)
    expect(broker.depth('orders').ready).toBe(1)
    await clock.advance(1)
    expect(broker.depth('orders').ready).toBe(2)
    await clock.advance(1_000)
    expect([broker.depth('orders').ready, broker.depth('audit').ready]).toEqual([3, 1])
    await clock.advance(40 * day)
    expect(broker.depth('orders')).toEqual({ ready: 4, unsettled: 0, delayed: 0 })
  })

  test('ends in nothing when the endpoint is removed meanwhile', async () => {
    const { clock, transport, broker } = await provisioned()
    await transport.send([outgoing(orders, 'x', { notBefore: clock.now() + 10 })], unaborted)
    broker.remove({ endpoint: 'orders' })
    await clock.advance(20)
    expect(broker.entities().endpoints.map(({ name }) => name)).not.toContain('orders')
  })
})

describe('deduplication', () => {
  test('is off: what is sent again is stored again', async () => {
    const all = await provisioned()
    const message = outgoing(orders, 'x')
    await all.transport.send([message, message], unaborted)
    expect(bodies(all)).toEqual(['x', 'x'])
  })

  test('goes by the id of the copy and never by that of the message', async () => {
    const all = await provisioned({}, memoryHarness({ deduplicate: '5m' }))
    const envelope = { id: 'same' }
    await all.transport.send([outgoing(orders, 'first', { envelope }), outgoing(orders, 'retry copy', { envelope })], unaborted)
    const again = outgoing(orders, 'again')
    expect(await all.transport.send([again], unaborted)).toEqual([])
    expect(await all.transport.send([again], unaborted)).toEqual([])
    expect(bodies(all)).toEqual(['first', 'retry copy', 'again'])
    await all.clock.advance(300_000)
    await all.transport.send([again], unaborted)
    expect(bodies(all)).toHaveLength(4)
  })
})
