import { describe, expect, test } from 'vitest'
import { endpointNamed, memoryHarness, outgoing, toTopic, unaborted } from '../../test/memory-harness.js'

const placed = { name: 'orders.placed', ordered: false }
const shipped = { name: 'orders.shipped', ordered: false }

describe('provision', () => {
  test('creates endpoints, their dead-letter endpoints, topics and subscriptions', async () => {
    const { broker, open } = memoryHarness()
    const { transport } = await open()
    const changes = await transport.provision({ endpoints: [endpointNamed('billing', { topics: [placed] })], topics: [shipped] }, 'create')
    expect(changes).toEqual([])
    expect(broker.entities()).toEqual({
      endpoints: [
        { name: 'billing', ordered: false, life: 'durable', topics: ['orders.placed'] },
        { name: 'billing.dead-letter', ordered: false, life: 'durable', topics: [] },
      ],
      topics: [shipped, placed],
    })
  })

  test('in check reports what is missing and changes nothing', async () => {
    const { broker, open } = memoryHarness()
    const { transport } = await open()
    const changes = await transport.provision({ endpoints: [endpointNamed('billing', { topics: [placed] })], topics: [shipped] }, 'check')
    expect(changes.map(({ kind, entity }) => `${kind} ${entity}`)).toEqual([
      'missing topic orders.shipped',
      'missing topic orders.placed',
      'missing endpoint billing',
      'missing endpoint billing.dead-letter',
      'missing subscription billing to orders.placed',
    ])
    expect(broker.entities()).toEqual({ endpoints: [], topics: [] })
  })

  test('reports a left-over subscription and removes it only in remove', async () => {
    const { broker, open } = memoryHarness()
    const { transport } = await open()
    await transport.provision({ endpoints: [endpointNamed('billing', { topics: [placed, shipped] })], topics: [] }, 'create')
    const now = { endpoints: [endpointNamed('billing', { topics: [placed] })], topics: [] }
    const leftOver = [{ kind: 'left-over', entity: 'subscription billing to orders.shipped' }]
    expect(await transport.provision(now, 'check')).toMatchObject(leftOver)
    expect(await transport.provision(now, 'create')).toMatchObject(leftOver)
    await transport.send([outgoing(toTopic('orders.shipped'), 'still comes')], unaborted)
    expect(broker.depth('billing').ready).toBe(1)
    expect(await transport.provision(now, 'remove')).toEqual([])
    expect(broker.entities().endpoints[0]?.topics).toEqual(['orders.placed'])
    expect(broker.depth('billing').ready).toBe(1)
  })

  test('reports what differs and leaves it as it is', async () => {
    const { broker, open } = memoryHarness()
    const { transport } = await open()
    await transport.provision({ endpoints: [endpointNamed('billing', { topics: [placed] })], topics: [] }, 'create')
    const other = endpointNamed('billing', { topics: [{ name: 'orders.placed', ordered: true }], ordered: { shards: 4 }, life: { idleMs: 5 } })
    const changes = await transport.provision({ endpoints: [other], topics: [] }, 'create')
    expect(changes.map(({ kind, entity, detail }) => `${kind} ${entity}: ${detail}`)).toEqual([
      'different topic orders.placed: declared ordered, on the broker unordered',
      'different endpoint billing: declared ordered, on the broker unordered',
      'different endpoint billing: declared limited to 5 ms without a consumer, on the broker durable',
    ])
    expect(broker.entities().endpoints[0]).toMatchObject({ ordered: false, life: 'durable' })
  })

  test('done twice changes nothing', async () => {
    const { broker, open } = memoryHarness()
    const { transport } = await open()
    const topology = { endpoints: [endpointNamed('billing', { topics: [placed] })], topics: [] }
    await transport.provision(topology, 'create')
    broker.publish({ endpoint: 'billing' }, { body: 'kept' })
    expect(await transport.provision(topology, 'create')).toEqual([])
    expect(broker.depth('billing').ready).toBe(1)
  })
})
