import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { Outgoing } from '../contract/index.js'
import { endpointNamed, memoryHarness, outgoing, toEndpoint, unaborted, type MemoryHarness, type OpenTransport } from '../../test/memory-harness.js'
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

describe('a fault door', () => {
  test('refuses so often, those that are meant, with the cause that is given', async () => {
    const all = await provisioned()
    const end = all.broker.failSends({ times: 2, where: ({ envelope }) => envelope.type === 'bad', retryable: false, cause: 'forbidden' })
    const bad = (): Outgoing => outgoing(orders, 'bad', { envelope: { type: 'bad' } })
    const failures = await all.transport.send([bad(), outgoing(orders, 'good'), bad(), bad()], unaborted)
    expect(failures).toEqual([0, 2].map((index) => ({ index, outcome: 'refused', retryable: false, cause: 'forbidden' })))
    all.broker.failSends({ times: Infinity, instanceId: 'sender' })
    end()
    expect(await all.transport.send([bad()], unaborted)).toMatchObject([
      { outcome: 'refused', retryable: true, cause: { code: 'WAYBILL_REFUSED', retryable: true } },
    ])
    const other = await all.open('other')
    expect(await other.transport.send([bad()], unaborted)).toEqual([])
  })

  test('ends when it is ended', async () => {
    const { broker, transport } = await provisioned()
    const end = broker.failSends({ times: Infinity })
    expect(await transport.send([outgoing(orders, 'x')], unaborted)).toHaveLength(1)
    end()
    expect(await transport.send([outgoing(orders, 'x')], unaborted)).toEqual([])
  })

  test.each([true, false])('leaves the sender in doubt, with the message taken: %s', async (taken) => {
    const all = await provisioned()
    all.broker.failSends({ outcome: 'unknown', taken })
    expect(await all.transport.send([outgoing(orders, 'x')], unaborted)).toMatchObject([{ outcome: 'unknown', retryable: true }])
    expect(bodies(all)).toEqual(taken ? ['x'] : [])
  })

  test('holds sends until they are resumed, in their order', async () => {
    const all = await provisioned()
    all.broker.holdSends()
    const sends = ['a', 'b'].map((text) => all.transport.send([outgoing(orders, text)], unaborted))
    await all.clock.settle()
    expect(bodies(all)).toEqual([])
    all.broker.resumeSends()
    expect(await Promise.all(sends)).toEqual([[], []])
    expect(bodies(all)).toEqual(['a', 'b'])
    expect(await all.transport.send([outgoing(orders, 'c')], unaborted)).toEqual([])
  })

  test.each([true, false])('that holds answers an abort at once with what it cannot know, taken: %s', async (taken) => {
    const all = await provisioned()
    all.broker.holdSends({ taken })
    const controller = new AbortController()
    const send = all.transport.send([outgoing(toEndpoint('orders'), 'a'), outgoing(orders, 'b')], controller.signal)
    controller.abort('deadline')
    expect(await send).toEqual([0, 1].map((index) => ({ index, outcome: 'unknown', retryable: true, cause: 'deadline' })))
    all.broker.resumeSends()
    await all.clock.settle()
    expect(bodies(all)).toEqual(taken ? ['a', 'b'] : [])
  })

  test('that holds leaves the sender in doubt when the connection is cut', async () => {
    const all = await provisioned()
    all.broker.holdSends()
    const send = all.transport.send([outgoing(orders, 'a')], unaborted)
    all.broker.cut()
    expect(await send).toMatchObject([{ outcome: 'unknown', retryable: true, cause: { code: 'WAYBILL_DISCONNECTED' } }])
    all.broker.resumeSends()
    await all.clock.settle()
    expect(bodies(all)).toEqual([])
  })

  test('that holds leaves no listener on the signal of a send', async () => {
    const { broker, transport } = await provisioned()
    broker.holdSends()
    const { signal } = new AbortController()
    const send = transport.send([outgoing(orders, 'x')], signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    broker.resumeSends()
    await send
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('holds one bus alone', async () => {
    const all = await provisioned()
    const other = await all.open('other')
    all.broker.holdSends({ instanceId: 'other' })
    expect(await all.transport.send([outgoing(orders, 'mine')], unaborted)).toEqual([])
    const held = other.transport.send([outgoing(orders, 'theirs')], unaborted)
    await all.clock.settle()
    expect(bodies(all)).toEqual(['mine'])
    all.broker.resumeSends()
    expect(await held).toEqual([])
  })
})
