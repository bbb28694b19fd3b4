import { describe, expect, test } from 'vitest'
import {
  accept,
  endpointNamed,
  memoryHarness,
  outgoing,
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

describe('an endpoint with a limited life', () => {
  const replies = endpointNamed('replies.1', { life: { idleMs: 1_000 }, topics: orders.topics })

  test('starts at the latest and disappears so long after its last consumer, with its dead-letter endpoint', async () => {
    const { transport, send, broker, clock } = await provisioned()
    await transport.send([outgoing(toTopic('orders.placed'), 'before')], unaborted)
    await transport.provision({ endpoints: [replies], topics: [] }, 'create')
    const { subscription, texts } = await accept(transport, replies)
    await transport.send([outgoing(toTopic('orders.placed'), 'after')], unaborted)
    await clock.advance(5_000)
    expect(texts).toEqual(['after'])
    await subscription.stop(unaborted)
    await clock.advance(999)
    expect(broker.consumerCount('replies.1')).toBe(0)
    await clock.advance(1)
    expect(broker.entities().endpoints.map(({ name }) => name)).toEqual(['orders', 'orders.dead-letter'])
    const gone = outgoing({ kind: 'address', address: subscription.address }, 'x')
    expect(await transport.send([gone], unaborted)).toMatchObject([{ cause: { code: 'WAYBILL_UNROUTABLE' } }])
    await send()
  })

  test('disappears when nobody ever consumes it', async () => {
    const { transport, broker, clock } = await provisioned()
    await transport.provision({ endpoints: [replies], topics: [] }, 'create')
    await clock.advance(1_000)
    expect(broker.entities().endpoints).toHaveLength(2)
  })

  test('outlives a lost connection, with what it has', async () => {
    const { transport, broker, clock } = await provisioned()
    const { texts } = await accept(transport, replies)
    broker.cut()
    await clock.advance(20)
    broker.publish({ endpoint: 'replies.1' }, { body: 'meanwhile' })
    await clock.advance(2_000)
    expect(texts).toEqual(['meanwhile'])
  })

  test('is made again, under its address and with its topics, when it was gone before the connection came back', async () => {
    const { transport, open, broker, clock } = await provisioned()
    const { subscription, texts } = await accept(transport, replies)
    const end = broker.failConnections({ times: Infinity })
    broker.cut()
    await clock.advance(3_000)
    expect(broker.entities().endpoints.map(({ name }) => name)).not.toContain('replies.1')
    end()
    await clock.advance(100)
    const other = await open('other')
    await other.transport.send([outgoing({ kind: 'address', address: subscription.address }, 'reply')], unaborted)
    await other.transport.send([outgoing(toTopic('orders.placed'), 'event')], unaborted)
    await clock.settle()
    expect(texts).toEqual(['reply', 'event'])
  })
})
