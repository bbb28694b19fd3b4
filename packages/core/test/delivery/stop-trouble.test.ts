import { describe, expect, it } from 'vitest'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import type { Subscription, Transport } from '../../src/contract/index.js'
import { createBus, handle, type Bus, type BusOptions, type HandlerEntry } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { virtualClock, type VirtualClock } from '../../src/runtime/index.js'
import { altered } from '../support/altered.js'
import { Find, gate, Note, Placed, recordingLogger, world, type World } from '../support/service.js'

/** A bus with a clock of its own: that of the broker keeps the time of reply endpoints, which disappear later. */
const unstarted = (w: World, clock: VirtualClock, options: Partial<AnyBusOptions>): Bus =>
  createBus({ name: 'shop', transport: memory({ broker: w.broker }), clock, logger: recordingLogger(w.log), ...options } as BusOptions<HandlerEntry>)
const never = (): Promise<never> => new Promise(() => undefined)
const fails = (): Promise<never> => Promise.reject(new Error('broken pipe'))
const fateOf = <T>(promise: Promise<T>): { readonly is: () => unknown } => {
  let fate: unknown = 'pending'
  promise.then(
    (value) => (fate = value),
    (error: unknown) => (fate = error),
  )
  return { is: () => fate }
}

/** A transport whose subscriptions are changed. */
const subscribing = (change: (subscription: Subscription, endpoint: string) => void) => (transport: Transport) => {
  const subscribe = transport.subscribe.bind(transport)
  transport.subscribe = async (endpoint, ...rest) => {
    const subscription = await subscribe(endpoint, ...rest)
    change(subscription, endpoint.name)
    return subscription
  }
}

describe('a stop', () => {
  it.each([
    ['never answers', never],
    ['fails', fails],
  ])('of a subscription that %s ends who waits for a reply all the same, and the rest of the stop', async (_, stop) => {
    const w = world()
    const clock = virtualClock()
    const stopped: string[] = []
    const transport = altered(
      w.broker,
      subscribing((subscription, endpoint) => {
        const inner = subscription.stop.bind(subscription)
        subscription.stop = (signal) => {
          stopped.push(endpoint.replace(/[0-9a-f-]{36}$/, 'id'))
          return endpoint === 'shop' ? stop() : inner(signal)
        }
      }),
    )
    const bus = unstarted(w, clock, { transport, stopTimeout: '5s', handlers: [handle(Note, () => undefined)] })
    await bus.start()
    const answer = fateOf(bus.request(new Find({ id: '1' }), { timeout: '1h' }))
    await clock.settle()
    const end = fateOf(bus.stop())
    await clock.advance(30_000)
    expect(end.is()).toEqual({ unfinished: [] })
    expect(answer.is()).toMatchObject({ code: 'WAYBILL_REQUEST_STOPPED' })
    expect(stopped).toEqual(['shop', 'shop.replies.id'])
    expect(clock.waiting.count).toBe(0)
  })

  it('resolves with what is unfinished although its transport does not close, and says so', async () => {
    const w = world()
    const clock = virtualClock()
    const transport = altered(w.broker, (inner) => void (inner.close = fails))
    const bus = unstarted(w, clock, { transport, stopTimeout: '1s', handlers: [handle(Note, never)] })
    await bus.start()
    await bus.send(new Note({ id: '1' }), { id: 'n' })
    await clock.settle()
    const end = fateOf(bus.stop())
    await clock.advance(1_000)
    expect(end.is()).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n' }] })
    expect(w.log.map(({ level, message }) => `${level} ${message}`)).toEqual([expect.stringContaining('broken pipe')])
  })

  it('leaves no wait of a handler that it has given up', async () => {
    const w = world()
    const clock = virtualClock()
    const hanging = gate()
    const transport = altered(
      w.broker,
      subscribing((subscription, endpoint) => {
        if (endpoint.includes('.replies.')) subscription.stop = () => hanging.opened
      }),
    )
    const late = gate()
    let answer: { readonly is: () => unknown } | undefined
    const handlers = [
      handle(Note, async (_, context) => {
        await late.opened
        answer = fateOf(context.request(new Find({ id: '1' }), { timeout: '1h' }))
        await never()
      }),
    ]
    await w.bus({ name: 'finder' })
    const bus = unstarted(w, clock, {
      transport,
      stopTimeout: '1s',
      handlers,
      endpoints: { find: { handlers: [handle(Find, never)] } },
      routes: { 'shop.find': 'find' },
    })
    await bus.start()
    void bus.request(new Find({ id: '0' })).catch(() => undefined)
    await bus.send(new Note({ id: '1' }))
    await clock.settle()
    const end = fateOf(bus.stop())
    await clock.advance(1_000)
    late.open()
    await clock.settle()
    hanging.open()
    await clock.advance(20_000)
    expect(end.is()).toMatchObject({ unfinished: expect.any(Array) as unknown })
    expect(answer?.is()).toMatchObject({ code: expect.stringMatching(/STOPPED/) as unknown })
    expect(clock.waiting.count).toBe(0)
  })

  it.each(['request', 'gather', 'requestEvent'] as const)(
    'while a handler waits with %s for what this bus takes no more ends at its deadline',
    async (verb) => {
      const w = world()
      const clock = virtualClock()
      const fate: unknown[] = []
      const handlers = [
        handle(Note, async (_, context) => {
          const query = new Find({ id: '1' })
          const asked =
            verb === 'request'
              ? context.request(query, { timeout: '1h' })
              : verb === 'gather'
                ? context.gather(query, { from: ['shop'], timeout: '1h' })
                : context.requestEvent(new Note({ id: '2' }), { success: Placed, timeout: '1h' })
          await asked.catch((error: unknown) => fate.push(error))
        }),
        handle(Find, ({ id }) => ({ id })),
      ]
      const bus = unstarted(w, clock, { stopTimeout: '5s', concurrency: 1, awaits: [Placed], handlers })
      await bus.start()
      await bus.send(new Note({ id: '1' }), { id: 'n' })
      await clock.settle()
      const end = fateOf(bus.stop())
      await clock.advance(5_000)
      expect(end.is()).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n' }] })
      expect(fate).toMatchObject([{ code: 'WAYBILL_REQUEST_STOPPED' }])
      expect(clock.waiting.count).toBe(0)
    },
  )

  it.each([true, false])('inside of a handler ends, awaited %s', async (isAwaited) => {
    const w = world()
    const clock = virtualClock()
    let end: { readonly is: () => unknown } | undefined
    const bus: Bus = unstarted(w, clock, {
      stopTimeout: '5s',
      handlers: [
        handle(Note, async () => {
          const stopped = bus.stop()
          end = fateOf(stopped)
          if (isAwaited) await stopped
        }),
      ],
    })
    await bus.start()
    await bus.send(new Note({ id: '1' }), { id: 'n' })
    await clock.settle()
    await clock.advance(isAwaited ? 5_000 : 0)
    expect(end?.is()).toEqual({ unfinished: isAwaited ? [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n' }] : [] })
    expect(clock.waiting.count).toBe(0)
  })

  it.each(['connect', 'provision', 'subscribe', 'send', 'limit', 'stop', 'close'] as const)(
    'ends, with every call that waits and without a timer, although the transport never answers a %s',
    async (call) => {
      const w = world()
      const clock = virtualClock()
      const transport = altered(w.broker, (inner) => {
        if (call === 'connect' || call === 'provision' || call === 'subscribe' || call === 'close') inner[call] = never
        else if (call === 'send') inner.send = never
        else subscribing((subscription) => void (subscription[call] = never))(inner)
      })
      const bus = unstarted(w, clock, { transport, stopTimeout: '5s', awaits: [Placed], handlers: [handle(Note, () => undefined)] })
      const fates = [
        fateOf(bus.start()),
        fateOf(bus.send(new Note({ id: '1' }))),
        fateOf(bus.request(new Find({ id: '1' }), { timeout: '1h' })),
        fateOf(bus.gather(new Find({ id: '1' }), { from: ['shop', 'other'], timeout: '1h' })),
        fateOf(bus.requestEvent(new Note({ id: '1' }), { success: Placed, timeout: '1h' })),
      ]
      await clock.settle()
      const end = fateOf(bus.stop())
      await clock.advance(25_000)
      expect(end.is()).toEqual({ unfinished: [] })
      expect(fates.map(({ is }) => is())).not.toContain('pending')
      expect({ status: bus.health().status, timers: clock.waiting.count }).toEqual({ status: 'stopped', timers: 0 })
    },
  )

  it('called twice while the bus starts leaves no timer, and both resolve', async () => {
    const w = world()
    const clock = virtualClock()
    const connecting = gate()
    const transport = altered(w.broker, (inner) => {
      const connect = inner.connect.bind(inner)
      inner.connect = (host) => connecting.opened.then(() => connect(host))
    })
    const bus = unstarted(w, clock, { transport })
    const started = fateOf(bus.start())
    await clock.settle()
    const ends = [fateOf(bus.stop()), fateOf(bus.stop())]
    connecting.open()
    await clock.settle()
    expect([started.is(), ...ends.map(({ is }) => is())]).toEqual([undefined, { unfinished: [] }, { unfinished: [] }])
    expect({ status: bus.health().status, timers: clock.waiting.count }).toEqual({ status: 'stopped', timers: 0 })
  })
})

describe('a start', () => {
  it('after a stop that waits for another start is the last word', async () => {
    const w = world()
    const clock = virtualClock()
    const bus = unstarted(w, clock, { handlers: [handle(Find, ({ id }) => ({ id }))] })
    const calls = [bus.start(), bus.stop(), bus.start()]
    await Promise.all(calls)
    expect(bus.health().status).toBe('ok')
    expect(await bus.request(new Find({ id: '1' }))).toEqual({ id: '1' })
    await bus.stop()
    expect(w.broker.connections()).toEqual([])
  })

  it('that fails says why, although its transport does not close either', async () => {
    const w = world()
    const clock = virtualClock()
    const transport = altered(w.broker, (inner) => {
      inner.provision = () => Promise.reject(new Error('access refused'))
      inner.close = fails
    })
    await expect(unstarted(w, clock, { transport, handlers: [handle(Note, () => undefined)] }).start()).rejects.toThrow('access refused')
  })

  it('that fails half-way ends who waits for a reply', async () => {
    const w = world()
    const clock = virtualClock()
    let answer: { readonly is: () => unknown } | undefined
    const options = {
      handlers: [
        handle(Note, async (_, context) => {
          answer = fateOf(context.request(new Find({ id: '1' }), { timeout: '1h' }))
          await never()
        }),
      ],
      endpoints: { two: { handlers: [handle(Find, ({ id }) => ({ id }))] } },
      routes: { 'shop.find': 'two' },
    }
    const sender = await w.bus({ name: 'sender' })
    await w.bus(options).then((bus) => bus.stop())
    await sender.send(new Note({ id: '1' }))
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (endpoint, ...rest) => {
        if (endpoint.name !== 'two') return subscribe(endpoint, ...rest)
        await clock.settle()
        throw new Error('no such queue')
      }
    })
    await expect(unstarted(w, clock, { ...options, transport }).start()).rejects.toMatchObject({ code: 'WAYBILL_TRANSPORT' })
    await clock.settle()
    expect(answer?.is()).toMatchObject({ code: expect.stringMatching(/STOPPED/) as unknown })
    expect(clock.waiting.count).toBe(0)
  })
})
