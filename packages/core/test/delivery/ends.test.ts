import { describe, expect, it } from 'vitest'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import type { Transport } from '../../src/contract/index.js'
import { createBus, handle, type Bus, type BusOptions, type HandlerEntry } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { Find, Note, recordingLogger, world, type World } from '../support/service.js'

const never = (): Promise<never> => new Promise(() => undefined)

/** What became of a promise, without waiting for it. */
function fateOf<T>(promise: Promise<T>): { readonly is: () => unknown } {
  let fate: unknown = 'pending'
  promise.then(
    (value) => (fate = value),
    (error: unknown) => (fate = error),
  )
  return { is: () => fate }
}

const unstarted = (w: World, options: Partial<AnyBusOptions>): Bus =>
  createBus({ name: 'shop', transport: memory({ broker: w.broker }), clock: w.clock, logger: recordingLogger(w.log), ...options } as BusOptions<HandlerEntry>)

/** A transport whose reply subscription never opens. */
const deaf = (transport: Transport): void => {
  const subscribe = transport.subscribe.bind(transport)
  transport.subscribe = (endpoint, ...rest) => (endpoint.name.includes('.replies.') ? never() : subscribe(endpoint, ...rest))
}

describe('a request', () => {
  it('times out while there is no address for its reply, and does not leave afterwards', async () => {
    const w = world()
    const bus = await w.bus({ transport: altered(w.broker, deaf), handlers: [handle(Find, ({ id }) => ({ id }))] })
    const sends = w.seen('send')
    const reply = fateOf(bus.request(new Find({ id: '1' }), { timeout: '5s' }))
    await w.clock.advance(5_000)
    expect(reply.is()).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    expect(bus.health().requests).toBe(0)
    expect(sends).toEqual([])
  })

  it('ends with the caller’s signal while there is no address for its reply', async () => {
    const w = world()
    const bus = await w.bus({ transport: altered(w.broker, deaf), handlers: [handle(Find, ({ id }) => ({ id }))] })
    const controller = new AbortController()
    const reply = fateOf(bus.request(new Find({ id: '1' }), { signal: controller.signal }))
    await w.clock.settle()
    controller.abort(new Error('changed my mind'))
    await w.clock.settle()
    expect(reply.is()).toMatchObject({ message: 'changed my mind' })
  })

  it('is refused with an id that another one waits with, and that one gets its reply', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Find, ({ id }) => ({ id }))] })
    const first = bus.request(new Find({ id: '1' }), { id: 'same' })
    await expect(bus.request(new Find({ id: '2' }), { id: 'same' })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
    expect(await first).toEqual({ id: '1' })
    expect(await bus.request(new Find({ id: '2' }), { id: 'same' })).toEqual({ id: '2' })
  })
})

describe('a stop', () => {
  it('ends although the reply address never came', async () => {
    const w = world()
    const bus = await w.bus({ transport: altered(w.broker, deaf), handlers: [handle(Find, ({ id }) => ({ id }))] })
    const reply = fateOf(bus.request(new Find({ id: '1' }), { timeout: '1h' }))
    await w.clock.settle()
    const stopped = fateOf(bus.stop())
    await w.clock.advance(30_000)
    expect(stopped.is()).toEqual({ unfinished: [] })
    expect(reply.is()).toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED' })
  })

  it('ends a start that finds no broker', async () => {
    const w = world()
    w.broker.failConnections({ times: Number.POSITIVE_INFINITY })
    const bus = unstarted(w, { publishTimeout: '1h' })
    const started = fateOf(bus.start())
    await w.clock.advance(1_000)
    const sent = fateOf(bus.send(new Note({ id: '1' })))
    const stopped = fateOf(bus.stop())
    await w.clock.advance(60_000)
    expect(stopped.is()).toEqual({ unfinished: [] })
    expect(started.is()).toMatchObject({ code: 'WAYBILL_STOPPED' })
    expect(sent.is()).toMatchObject({ code: 'WAYBILL_STOPPED' })
    expect(w.broker.connections()).toEqual([])
  })

  it('lets a start end well that is on its way', async () => {
    const w = world()
    const bus = unstarted(w, {})
    const started = fateOf(bus.start())
    expect(await bus.stop()).toEqual({ unfinished: [] })
    expect(started.is()).toBeUndefined()
    expect(w.broker.connections()).toEqual([])
  })

  it.each(['stop', 'close', 'limit'] as const)('ends although the transport never answers a %s, and says so', async (what) => {
    const w = world()
    const transport = altered(w.broker, (inner) => {
      if (what === 'close') inner.close = never
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (...args) => {
        const subscription = await subscribe(...args)
        if (what !== 'close') subscription[what] = never
        return subscription
      }
    })
    const bus = unstarted(w, { transport, stopTimeout: '5s', handlers: [handle(Note, () => undefined)] })
    await bus.start()
    const stopped = fateOf(bus.stop())
    await w.clock.advance(25_000)
    expect(stopped.is()).toEqual({ unfinished: [] })
    expect(w.log.filter(({ message }) => message.includes('left behind'))).toHaveLength(what === 'limit' ? 0 : 1)
  })
})

describe('a start that fails half-way', () => {
  it('leaves no consumer, aborts what has started, and its messages go back', async () => {
    const w = world()
    const signals: AbortSignal[] = []
    const options = {
      handlers: [
        handle(Note, (_, context) => {
          signals.push(context.signal)
          return never()
        }),
      ],
      endpoints: { two: { handlers: [handle(Find, ({ id }) => ({ id }))] } },
      routes: { 'shop.find': 'two' },
    }
    const sender = await w.bus({ name: 'sender' })
    const prepared = await w.bus(options)
    await prepared.stop()
    await sender.send(new Note({ id: '1' }))
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (endpoint, ...rest) => {
        if (endpoint.name !== 'two') return subscribe(endpoint, ...rest)
        await w.clock.settle()
        throw new Error('no such queue')
      }
    })
    await expect(unstarted(w, { ...options, transport }).start()).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(w.broker.consumerCount('shop')).toBe(0)
    expect(w.broker.depth('shop')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
  })
})
