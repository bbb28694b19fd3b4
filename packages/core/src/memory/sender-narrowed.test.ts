import { describe, expect, test } from 'vitest'
import type { Destination, SendFailure } from '../contract/index.js'
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

describe('a capability that options have taken away', () => {
  const notSupported = { outcome: 'refused', retryable: false, cause: { code: 'WAYBILL_NOT_SUPPORTED', retryable: false } }

  test('delay: refuses what is not due, takes what is', async () => {
    const { transport, clock } = await provisioned({ delay: { endpoint: { maxMs: 1_000, resolutionMs: 1 }, topic: 'none' } })
    expect(transport.capabilities.delay).toEqual({ endpoint: { maxMs: 1_000, resolutionMs: 1 }, topic: 'none' })
    const sendIn = (to: Destination, ms: number): Promise<readonly SendFailure[]> =>
      transport.send([outgoing(to, 'x', { notBefore: clock.now() + ms })], unaborted)
    expect(await sendIn(orders, 1_001)).toMatchObject([notSupported])
    expect(await sendIn(toTopic('orders.placed'), 1)).toMatchObject([notSupported])
    expect(await sendIn(orders, 1_000)).toEqual([])
    expect(await sendIn(toTopic('orders.placed'), 0)).toEqual([])
  })

  test('ordering: refuses ordered destinations, endpoints and subscriptions', async () => {
    const { transport } = await provisioned({ ordering: 'none' })
    const keyed = endpointNamed('keyed', { ordered: { shards: 4 } })
    const message = outgoing(toEndpoint('orders', true), 'x', { envelope: { key: 'k' } })
    expect(await transport.send([message], unaborted)).toMatchObject([notSupported])
    const fault = expect.objectContaining({ code: 'WAYBILL_NOT_SUPPORTED' }) as Error
    await expect(transport.provision({ endpoints: [keyed], topics: [] }, 'create')).rejects.toThrow(fault)
    await expect(transport.provision({ endpoints: [], topics: [{ name: 't', ordered: true }] }, 'check')).rejects.toThrow(fault)
    await expect(transport.subscribe(keyed, async () => 'accepted', { prefetch: 1 })).rejects.toThrow(fault)
  })

  test('addresses: refuses own addresses and reply addresses', async () => {
    const { transport } = await provisioned({ privateAddress: false, replies: 'none' })
    expect(await transport.send([outgoing(orders, 'x')], unaborted)).toMatchObject([notSupported])
    expect(await transport.send([outgoing({ kind: 'address', address: 'memory://a/b' }, 'x')], unaborted)).toMatchObject([notSupported])
    expect(await transport.send([outgoing(toTopic('orders.placed'), 'x')], unaborted)).toEqual([])
  })

  test('unroutable: loses what nobody can get, without a word', async () => {
    const { transport } = await provisioned({ unroutable: 'silent' })
    expect(await transport.send([outgoing(toEndpoint('nobody'), 'x')], unaborted)).toEqual([])
  })
})
