import { describe, expect, it } from 'vitest'
import { createBus, handle } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { flushOutgoing, idempotency, middleware, recover, standardPipeline } from '../../src/middleware.js'
import { altered } from '../support/altered.js'
import { Note, world } from '../support/service.js'

const handlers = [handle(Note, () => undefined)]

describe('idempotency at the start', () => {
  it('is refused without an inbox, where it was asked for', async () => {
    const bus = createBus({ name: 'shop', transport: 'memory:', pipeline: standardPipeline({ idempotency: true }), handlers })
    await expect(bus.start()).rejects.toThrow(
      /The endpoint "shop" has idempotency\(\), and neither it nor the bus has an inbox[^]*stores: \{ inbox: memoryInbox\(\) \}/,
    )
  })

  it('is refused without an inbox also where it stands in the middleware of the bus, an endpoint or a handler', async () => {
    const pipeline = [recover(), middleware(), flushOutgoing()]
    const lists = [
      { middleware: [idempotency()], handlers },
      { endpoints: { other: { middleware: [idempotency()], handlers } }, routes: { 'shop.note': 'other' } },
      { handlers: [handle(Note, { use: [idempotency()] }, () => undefined)] },
    ]
    for (const list of lists) {
      const bus = createBus({ name: 'shop', transport: 'memory:', pipeline, ...list })
      await expect(bus.start()).rejects.toThrow(/The endpoint "(shop|other)" has idempotency\(\), and neither it nor the bus has an inbox/)
    }
  })

  it('guards from the middleware too: its inbox is opened, and the report has it', async () => {
    const w = world()
    let runs = 0
    const bus = await w.bus({
      pipeline: [recover(), middleware(), flushOutgoing()],
      middleware: [idempotency({ store: memoryInbox() })],
      handlers: [
        handle(Note, () => {
          runs += 1
        }),
      ],
    })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    expect(runs).toBe(1)
    expect((await bus.describe()).report?.rows.map(({ need }) => need)).toContain('idempotency')
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('is there by itself where the bus has an inbox, and can be refused', async () => {
    const w = world()
    const pipelines = async (options: Parameters<typeof w.bus>[0]): Promise<readonly string[] | undefined> => {
      const description = await createBus({ name: 'shop', transport: 'memory:', handlers, ...options } as Parameters<typeof createBus>[0]).describe()
      return description.endpoints[0]?.handlers[0]?.pipeline.slice(0, 3)
    }
    expect(await pipelines({})).toEqual(['recover', 'flush-outgoing', 'call-handler'])
    expect(await pipelines({ stores: { inbox: memoryInbox() } })).toEqual(['recover', 'idempotency', 'flush-outgoing'])
    expect(await pipelines({ stores: { inbox: memoryInbox() }, pipeline: standardPipeline({ idempotency: false }) })).toEqual([
      'recover',
      'flush-outgoing',
      'call-handler',
    ])
  })

  it('is refused with an inbox in memory on a broker that outlives the process, unless that is accepted', async () => {
    const w = world()
    const durable = altered(w.broker, (transport) => {
      Object.defineProperty(transport, 'capabilities', { value: { ...transport.capabilities, durability: 'broker' } })
    })
    const stores = { inbox: memoryInbox() }
    await expect(w.bus({ transport: durable, stores, handlers })).rejects.toThrow(
      /shop needs idempotency: its inbox lives in this process, and the broker delivers again what came before a restart[^]*acceptMemory: true/,
    )
    const bus = await w.bus({ transport: durable, pipeline: standardPipeline({ idempotency: { store: memoryInbox(), acceptMemory: true } }), handlers })
    expect((await bus.describe()).report?.rows.find(({ need }) => need === 'idempotency')).toEqual({
      need: 'idempotency',
      by: 'shop',
      provided: 'degraded',
      detail: 'an inbox without an outbox sends before it marks: a crash in between repeats the handler, and loses nothing',
    })
  })

  it('fails with what its inbox says when it cannot be opened', async () => {
    const w = world()
    const inbox = memoryInbox()
    const broken = { durability: 'disk', open: () => Promise.reject(new Error('no table waybill_inbox')), claim: inbox.claim.bind(inbox) } as const
    await expect(w.bus({ stores: { inbox: broken }, handlers })).rejects.toThrow('no table waybill_inbox')
  })

  it('lists everything that is wrong with its options', () => {
    expect(() => idempotency({ store: {}, whenDown: 'maybe', acceptMemory: 1, lease: '5' } as never)).toThrow(
      /idempotency\.store must be an inbox store[^]*idempotency\.whenDown must be "closed" or "open"[^]*idempotency\.acceptMemory must be true or false[^]*idempotency\.lease must be a duration of at least a second/,
    )
    for (const lease of ['0s', '1ms', '999ms'] as const) expect(() => idempotency({ lease })).toThrow(`got "${lease}"`)
    expect(() => memoryInbox({ retention: 'long' as never })).toThrow(/inbox\.retention must be a duration[^]*WAYBILL_MEMORY_OPTIONS/)
  })
})
