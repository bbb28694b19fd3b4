import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, ConfigurationError, createBus, Event, handle, on, type Container } from '../../src/index.js'
import type { Transport } from '../../src/contract/index.js'
import { createMemoryBroker, memory } from '../../src/memory/index.js'
import { virtualClock } from '../../src/runtime/index.js'
import { Find, gate, Note, Place, Placed, Shipped, world } from '../support/service.js'

/** Connects, and answers nothing about a topic. */
const silentTransport: Transport = {
  name: 'silent',
  capabilities: { privateAddress: true },
  connect: () => Promise.resolve(),
  provision: ({ topics }) => (topics.length > 0 ? new Promise(() => undefined) : Promise.resolve([])),
  send: () => Promise.resolve([]),
  subscribe: () => Promise.reject(new Error('nobody subscribes here')),
  close: () => Promise.resolve(),
}

describe('a bus', () => {
  it('starts and stops as often as one likes, and works each time', async () => {
    const clock = virtualClock()
    const broker = createMemoryBroker({ clock })
    const bus = createBus({ name: 'shop', clock, transport: memory({ broker }), handlers: [handle(Find, ({ id }) => ({ id }))] })
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([bus.start(), bus.start()])
      expect(bus.health().status).toBe('ok')
      expect(await bus.request(new Find({ id: String(round) }))).toEqual({ id: String(round) })
      expect(await Promise.all([bus.stop(), bus.stop()])).toEqual([{ unfinished: [] }, { unfinished: [] }])
      expect(bus.health().status).toBe('stopped')
      expect(broker.connections()).toEqual([])
    }
  })

  it('makes calls wait while it starts, and refuses them before and after', async () => {
    const w = world()
    const bus = createBus({ name: 'shop', clock: w.clock, transport: memory({ broker: w.broker }), sends: [Placed] })
    await expect(bus.publish(new Placed({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_NOT_STARTED' })
    const starting = bus.start()
    await bus.publish(new Placed({ id: '1' }))
    await starting
    await bus.stop()
    await expect(bus.publish(new Placed({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
  })

  it('lets no call wait for ever: not for a start that finds no broker, nor for a topic that nobody provisions', async () => {
    const w = world()
    const never = { create: () => ({ ...silentTransport, connect: () => new Promise<void>(() => undefined) }) }
    const starting = createBus({ name: 'shop', clock: w.clock, transport: never, publishTimeout: '5s', stopTimeout: '1s', sends: [Placed] })
    const started = starting.start().catch((error: unknown) => error)
    const late = starting.publish(new Placed({ id: '1' })).catch((error: unknown) => error)
    await w.clock.advance(5_000)
    expect(await late).toMatchObject({ code: 'WAYBILL_START_TIMEOUT' })
    const stopped = starting.stop()
    await w.clock.advance(60_000)
    await stopped
    expect(await started).toMatchObject({ code: 'WAYBILL_STOPPED' })

    const deaf = createBus({ name: 'shop', clock: w.clock, transport: { create: () => silentTransport }, publishTimeout: '5s' })
    await deaf.start()
    const unheard = deaf.publish(new Placed({ id: '1' })).catch((error: unknown) => error)
    await w.clock.advance(5_000)
    expect(await unheard).toMatchObject({ code: 'WAYBILL_TRANSPORT', message: expect.stringContaining('provision the topic "shop.placed"') as unknown })
    await deaf.stop()
  })

  it('that cannot connect says so, leaves nothing open, and can be started later', async () => {
    const w = world()
    w.broker.failConnections({ retryable: false })
    const bus = createBus({ name: 'shop', clock: w.clock, transport: memory({ broker: w.broker }), handlers: [handle(Note, () => undefined)] })
    await expect(bus.start()).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT' })
    expect(w.broker.connections()).toEqual([])
    await bus.start()
    await bus.send(new Note({ id: '1' }))
    await bus.stop()
  })

  it('lets what runs end when it stops, gives back what has not started, and takes nothing new', async () => {
    const w = world()
    const runs: string[] = []
    const ends = gate()
    const handlers = [
      handle(Note, async ({ id }, context) => {
        runs.push(id)
        await ends.opened
        await context.publish(new Placed({ id }))
        expect(await context.request(new Find({ id }))).toEqual({ id })
      }),
    ]
    await w.bus({ name: 'finder', routes: { 'shop.find': 'finder' }, handlers: [handle(Find, ({ id }) => ({ id }))] })
    const seen: string[] = []
    await w.bus({ name: 'listener', handlers: [on(Placed, { id: 'p' }, ({ id }) => void seen.push(id))] })
    const bus = await w.bus({ concurrency: 2, handlers, routes: { 'shop.find': 'finder' } })
    for (const id of ['1', '2', '3', '4']) await bus.send(new Note({ id }))
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    expect(runs).toEqual(['1', '2'])
    await expect(bus.send(new Note({ id: '5' }))).rejects.toMatchObject({ code: 'WAYBILL_STOPPED' })
    ends.open()
    expect(await stopped).toEqual({ unfinished: [] })
    await w.clock.settle()
    expect(seen).toEqual(['1', '2'])
    expect(w.broker.browse('shop').map(({ body, deliveryCount }) => `${Buffer.from(body ?? []).toString()} ${deliveryCount}`)).toEqual([
      '{"id":"3"} 1',
      '{"id":"4"} 1',
    ])
  })

  it('reports every problem of its configuration at once, each with what to do', async () => {
    class Other extends Command('billing.pay', z.object({})) {}
    class NeedsStore {
      constructor(readonly store: object) {}
    }
    const bus = createBus({
      name: 'shop',
      concurency: 3,
      handlerTimeout: '5 minutes',
      transport: 'memory:',
      handlers: [handle(Place, () => ({ total: 1 })), handle(Place, () => ({ total: 2 })), handle(Other, () => undefined), NeedsStore],
      sends: [Shipped, Note],
    } as never)
    const error = await bus.start().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ConfigurationError)
    const { problems, message } = error as ConfigurationError
    expect(message).toMatch(/^the bus "shop" cannot start: 6 problems\n {2}1\. /)
    expect(problems.map(({ what, fix }) => `${what} ${fix}`)).toEqual([
      'options.concurency is no option Did you mean options.concurrency?',
      expect.stringContaining('options.handlerTimeout must be') as unknown,
      expect.stringContaining('NeedsStore in handlers has no handler') as unknown,
      expect.stringMatching(/^Two handlers for the command shop\.place .* A command has one handler/) as unknown,
      expect.stringMatching(/billing\.pay at the endpoint "shop", and its route is "billing"\. .*routes: \{ "billing\.pay": "shop" \}/) as unknown,
      expect.stringContaining('shop.note is declared in `sends`, and its route is "shop"') as unknown,
    ])
  })

  it('refuses a class with constructor parameters where no container is', async () => {
    const { CommandHandler } = await import('../../src/index.js')
    @CommandHandler(Note)
    class NoteHandler {
      constructor(readonly store: { save(id: string): void }) {}
      handle(note: Note): void {
        this.store.save(note.id)
      }
    }
    await expect(createBus({ name: 'shop', handlers: [NoteHandler] } as never).start()).rejects.toThrow(
      /NoteHandler .*has constructor parameters, and the bus has no `container`/,
    )
    const saved: string[] = []
    const released: string[] = []
    const w = world()
    const made: Container = {
      get: (type) => Reflect.construct(type, [{ save: (id: string) => saved.push(id) }]) as never,
      release: (context) => void released.push(context.id),
    }
    const bus = await w.bus({ handlers: [NoteHandler], container: made } as never)
    await bus.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.settle()
    expect({ saved, released }).toEqual({ saved: ['1'], released: ['n1'] })
  })

  it('describes endpoints, handlers, routes and pipelines without a broker', async () => {
    const { text, ...description } = await createBus({
      name: 'shop',
      transport: 'amqp://user:secret@localhost/shop',
      middleware: [
        { name: 'tenant', incoming: { message: (context, next) => next(context) } },
        { name: 'zip', outgoing: { wire: (context, next) => next(context) }, incoming: { wire: (context, next) => next(context) } },
      ],
      handlers: [handle(Note, { retry: { immediate: 1, delayed: ['1s'] } }, () => undefined), on(Placed, { id: 'billing' }, () => undefined)],
    }).describe()
    expect(description).toMatchObject({
      transport: 'amqp://user:***@localhost/shop',
      endpoints: [
        {
          name: 'shop',
          ordered: false,
          concurrency: 10,
          topics: ['shop.placed'],
          handlers: [
            { id: 'shop.note', types: ['shop.note'], pipeline: ['recover', 'flush-outgoing', 'tenant', 'call-handler', 'shop.note'] },
            { id: 'billing' },
          ],
        },
      ],
      routes: { 'shop.note': 'endpoint shop', 'shop.placed': 'topic shop.placed' },
      pipelines: {
        delivery: ['trace', 'settle', 'defer', 'drop-expired', 'zip', 'deserialize', 'dispatch'],
        outgoing: ['route', 'serialize', 'assign-identity', 'hold', 'zip', 'guarded-transport'],
      },
      report: undefined,
    })
    expect(description.endpoints[0]?.handlers[0]?.retry[0]).toEqual({
      when: 'Error',
      from: 'handler',
      immediate: 1,
      delayedMs: [1_000],
      mostAttempts: 4,
      mostAttemptsOfRequests: 2,
    })
    expect(text).not.toContain('secret')
    expect(text).toContain('shop.note')
  })

  it('in the mode "check" refuses to start when an entity is missing, and in "none" asks nothing', async () => {
    const w = world()
    const handlers = [handle(Note, () => undefined)]
    const checking = createBus({ name: 'shop', clock: w.clock, transport: memory({ broker: w.broker }), provision: 'check', handlers })
    await expect(checking.start()).rejects.toThrow(/is missing.*\n.*provision: 'create'/)
    const created = await w.bus({ handlers })
    await created.stop()
    await checking.start()
    await checking.stop()
  })

  it('says what the broker has otherwise than declared, and leaves it as it is', async () => {
    const w = world()
    const both = await w.bus({ handlers: [on(Placed, { id: 'p' }, () => undefined), on(Shipped, { id: 's' }, () => undefined)] })
    await both.stop()
    await w.bus({ handlers: [on(Placed, { id: 'p' }, () => undefined)] })
    expect(w.log.filter(({ level }) => level === 'warn').map(({ fields }) => fields['kind'])).toEqual(['left-over'])
    expect(
      w.broker
        .entities()
        .endpoints.find(({ name }) => name === 'shop')
        ?.topics.toSorted(),
    ).toEqual(['shop.placed', 'shop.shipped'])
  })

  it('declares what it publishes, so that a process that only publishes may start first', async () => {
    const w = world()
    class Only extends Event('only.published', z.object({})) {}
    await w.bus({ name: 'publisher', sends: [Only] })
    expect(w.broker.entities().topics).toEqual([{ name: 'only.published', ordered: false }])
  })
})
