import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import type { Outgoing, Transport } from '../../src/contract/index.js'
import { createBus, handle, Query, RemoteError, type Bus, type BusOptions, type HandlerEntry, type Middleware } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { Find, gate, Note, Placed, recordingLogger, world, type World } from '../support/service.js'

class Explain extends Query('shop.explain', z.object({}), { reply: z.object({ message: z.string() }) }) {}

const unstarted = (w: World, options: Partial<AnyBusOptions>): Bus =>
  createBus({ name: 'shop', transport: memory({ broker: w.broker }), clock: w.clock, logger: recordingLogger(w.log), ...options } as BusOptions<HandlerEntry>)
const never = (): Promise<never> => new Promise(() => undefined)
const fateOf = <T>(promise: Promise<T>): { readonly is: () => unknown } => {
  let fate: unknown = 'pending'
  promise.then(
    (value) => (fate = value),
    (error: unknown) => (fate = error),
  )
  return { is: () => fate }
}

describe('a failure', () => {
  it.each(['', '\n'])('whose code is %j is no reply', async (code) => {
    const w = world()
    const bus = await w.bus({
      handlers: [
        handle(Explain, { retry: { immediate: 0 } }, () => {
          throw Object.assign(new Error('it failed'), { code })
        }),
      ],
    })
    await expect(bus.request(new Explain({}))).rejects.toBeInstanceOf(RemoteError)
  })
})

describe('what has not left when its time is over', () => {
  it.each(['request', 'gather', 'requestEvent'] as const)('by %s does not leave afterwards', async (verb) => {
    const w = world()
    const sends = w.seen('send')
    const slow = gate()
    const slowly: Middleware = { name: 'slowly', outgoing: { message: (context, next) => slow.opened.then(() => next(context)) } }
    const caller = await w.bus({ name: 'caller', middleware: [slowly], awaits: [Placed] })
    const calls = {
      request: () => caller.request(new Find({ id: '1' }), { timeout: '1s' }),
      gather: () => caller.gather(new Find({ id: '1' }), { from: ['shop'], timeout: '1s' }),
      requestEvent: () => caller.requestEvent(new Note({ id: '1' }), { success: Placed, timeout: '1s' }),
    }
    await w.bus({ handlers: [handle(Find, ({ id }) => ({ id })), handle(Note, () => undefined)] })
    const answer = fateOf<unknown>(calls[verb]())
    await w.clock.advance(1_000)
    expect(String(answer.is())).toContain(verb === 'gather' ? 'object' : 'has not left')
    slow.open()
    await w.clock.advance(1_000)
    expect(sends).toEqual([])
  })
})

describe('a reply', () => {
  it.each([
    ['no reply', { kind: 'command' }],
    ['of another type', { type: 'shop.place' }],
  ])('that is %s is nobody’s', async (_, change) => {
    const w = world()
    const counts = w.seen('count')
    const transport = altered(w.broker, (inner) => {
      const send = inner.send.bind(inner)
      inner.send = (messages, signal) =>
        send(
          messages.map((message) =>
            message.destination.kind === 'address' ? ({ ...message, envelope: { ...message.envelope, ...change } } as Outgoing) : message,
          ),
          signal,
        )
    })
    const bus = await w.bus({ transport, handlers: [handle(Find, ({ id }) => ({ id }))] })
    const answer = fateOf(bus.request(new Find({ id: '1' }), { timeout: '1s' }))
    await w.clock.advance(1_000)
    expect(answer.is()).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    expect(counts.map(({ what }) => what)).toEqual(['late-reply'])
  })
  it('nobody waits for passes no wire step, and is counted', async () => {
    const w = world()
    const counts = w.seen('count')
    let read = 0
    const slow = gate()
    const step: Middleware = {
      name: 'step',
      incoming: {
        wire: (context, next) => {
          read += 1
          if (read > 1) throw new Error('cannot be read')
          return next(context)
        },
      },
    }
    const bus = await w.bus({ middleware: [step], handlers: [handle(Find, ({ id }) => slow.opened.then(() => ({ id })))] })
    const answer = fateOf(bus.request(new Find({ id: '1' }), { timeout: '1s' }))
    await w.clock.advance(1_000)
    slow.open()
    await w.clock.settle()
    expect(answer.is()).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    expect({ read, counts: counts.map(({ what }) => what) }).toEqual({ read: 1, counts: ['late-reply'] })
  })
})

describe('a requester that is gone', () => {
  it.each(['refused', 'unknown'] as const)('and whose address always answers %s holds the responder no longer than its request is valid', async (outcome) => {
    const w = world()
    const transport = altered(w.broker, (inner) => {
      const send = inner.send.bind(inner)
      inner.send = (messages, signal) =>
        messages[0]?.destination.kind === 'address'
          ? Promise.resolve(messages.map((_, index) => ({ index, outcome, retryable: true, cause: new Error('no such connection') })))
          : send(messages, signal)
    })
    const done: string[] = []
    const bus = await w.bus({ transport, concurrency: 1, handlers: [handle(Find, ({ id }) => ({ id })), handle(Note, ({ id }) => void done.push(id))] })
    const answer = fateOf(bus.request(new Find({ id: '1' }), { timeout: '10s' }))
    await w.clock.advance(1)
    await bus.send(new Note({ id: '2' }))
    await w.clock.advance(45_000)
    expect(answer.is()).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    expect(done).toEqual(['2'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })
  it('pauses nobody: other work goes on meanwhile', async () => {
    const w = world()
    const transport = altered(w.broker, (inner) => {
      const send = inner.send.bind(inner)
      inner.send = (messages, signal) =>
        messages[0]?.destination.kind === 'address'
          ? Promise.resolve(messages.map((_, index) => ({ index, outcome: 'refused', retryable: true, cause: new Error('no such connection') })))
          : send(messages, signal)
    })
    const done: string[] = []
    const bus = await w.bus({ transport, handlers: [handle(Find, ({ id }) => ({ id })), handle(Note, ({ id }) => void done.push(id))] })
    const answer = fateOf(bus.request(new Find({ id: '1' })))
    await w.clock.advance(1_000)
    await bus.send(new Note({ id: '2' }))
    await w.clock.advance(1_000)
    expect({ done, answer: answer.is(), paused: bus.health().endpoints[0]?.paused }).toEqual({ done: ['2'], answer: 'pending', paused: [] })
  })

  it('and whose address never answers holds the responder no longer than its request is valid', async () => {
    const w = world()
    const transport = altered(w.broker, (inner) => {
      const send = inner.send.bind(inner)
      inner.send = (messages, signal) => (messages[0]?.destination.kind === 'address' ? never() : send(messages, signal))
    })
    const done: string[] = []
    const bus = await w.bus({ transport, concurrency: 1, handlers: [handle(Find, ({ id }) => ({ id })), handle(Note, ({ id }) => void done.push(id))] })
    const answer = fateOf(bus.request(new Find({ id: '1' }), { timeout: '10s' }))
    await w.clock.advance(1)
    await bus.send(new Note({ id: '2' }))
    await w.clock.advance(75_000)
    expect(answer.is()).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    expect(done).toEqual(['2'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })
})

describe('while the bus starts', () => {
  const hanging = (w: World): Bus => unstarted(w, { awaits: [Placed], transport: altered(w.broker, (inner: Transport) => void (inner.connect = never)) })
  it.each(['request', 'gather', 'requestEvent'] as const)('%s waits no longer than its time-out, and its signal ends it', async (verb) => {
    const w = world()
    const bus = hanging(w)
    void bus.start().catch(() => undefined)
    const controller = new AbortController()
    const call = (options: object) =>
      verb === 'request'
        ? bus.request(new Find({ id: '1' }), options)
        : verb === 'gather'
          ? bus.gather(new Find({ id: '1' }), { from: ['shop'], ...options })
          : bus.requestEvent(new Note({ id: '1' }), { success: Placed, ...options })
    const late = fateOf<unknown>(call({ timeout: '1s' }))
    const aborted = fateOf<unknown>(call({ signal: controller.signal }))
    await w.clock.advance(1_000)
    expect(late.is()).toMatchObject({
      code: expect.stringMatching(/TIMEOUT/) as unknown,
      message: expect.stringMatching(/nothing was sent|not left/) as unknown,
    })
    controller.abort(new Error('changed my mind'))
    await w.clock.settle()
    expect(aborted.is()).toMatchObject({ message: 'changed my mind' })
    const stopped = bus.stop()
    await w.clock.advance(60_000)
    await stopped
  })
})

describe('an option that is none', () => {
  it.each(['request', 'gather', 'requestEvent', 'send'] as const)('of %s is refused before anything waits', async (verb) => {
    const w = world()
    const bus = await w.bus({ awaits: [Placed] })
    const call = (options: object): Promise<unknown> =>
      verb === 'request'
        ? bus.request(new Find({ id: '1' }), options)
        : verb === 'gather'
          ? bus.gather(new Find({ id: '1' }), { from: ['shop'], ...options })
          : verb === 'send'
            ? bus.send(new Note({ id: '1' }), options)
            : bus.requestEvent(new Note({ id: '1' }), { success: Placed, ...options })
    for (const signal of [5, {}, 'x', null])
      await expect(call({ signal })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION', message: expect.stringContaining('{ signal }') as unknown })
    await expect(call({ id: null })).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
    expect(bus.health().requests).toBe(0)
  })
})

describe('an abort without an error', () => {
  it.each(['request', 'gather', 'requestEvent'] as const)('rejects %s with one, before as well as meanwhile', async (verb) => {
    const w = world()
    const bus = await w.bus({ awaits: [Placed] })
    const call = (signal: AbortSignal): Promise<unknown> =>
      verb === 'request'
        ? bus.request(new Find({ id: '1' }), { signal })
        : verb === 'gather'
          ? bus.gather(new Find({ id: '1' }), { from: ['shop'], signal })
          : bus.requestEvent(new Note({ id: '1' }), { success: Placed, signal })
    await expect(call(AbortSignal.abort('because'))).rejects.toBeInstanceOf(Error)
  })
})

describe('a gather', () => {
  it('counts as failed whom it could not ask because the broker takes nothing', async () => {
    const w = world()
    const transport = altered(w.broker, (inner) => {
      inner.sizeOf = () => 900_000
      inner.send = never
    })
    const bus = await w.bus({ transport, publishTimeout: '5s' })
    const fillers = Array.from({ length: 80 }, () => bus.send(new Note({ id: '1' })).catch(() => undefined))
    await w.clock.settle()
    const answer = fateOf(bus.gather(new Find({ id: '1' }), { from: ['a', 'b'], timeout: '20s' }))
    await w.clock.advance(30_000)
    await Promise.all(fillers)
    const error = { code: 'WAYBILL_BACK_PRESSURE' }
    expect(answer.is()).toMatchObject({
      replies: [],
      failed: [
        { from: 'a', error },
        { from: 'b', error },
      ],
      missing: [],
    })
  })

  it('asks those that stood in its list when it was called', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Find, ({ id }) => ({ id }))] })
    const from = ['shop']
    const answer = bus.gather(new Find({ id: '1' }), { from })
    from.push('other')
    expect(await answer).toMatchObject({ releasedBy: 'all', missing: [] })
  })
})
