import { describe, expect, it } from 'vitest'
import { ConfigurationError, handle, on, type Middleware, type Problem } from '../../src/index.js'
import {
  circuitBreaker,
  concurrencyLimit,
  dropExpired,
  filter,
  flushOutgoing,
  logging,
  middleware,
  recover,
  standardPipeline,
  timeout,
} from '../../src/middleware.js'
import { Find, Note, Placed, world, type World } from '../support/service.js'

/** Writes down when it runs. */
const step = (name: string, order: string[]): Middleware => ({
  name,
  incoming: {
    message: (context, next) => {
      order.push(name)
      return next(context)
    },
  },
})

async function problemsOf(w: World, options: Parameters<World['bus']>[0]): Promise<readonly Problem[]> {
  const refused: unknown = await w.bus(options).catch((error: unknown) => error)
  return refused instanceof ConfigurationError ? refused.problems : []
}

const placed = on(Placed, { id: 'p' }, () => undefined)

describe('the pipeline of a bus', () => {
  it('is the standard one by default', async () => {
    const w = world()
    const bus = await w.bus({ handlers: [handle(Note, () => undefined)] })
    expect((await bus.describe()).endpoints[0]?.handlers[0]?.pipeline).toEqual(['recover', 'flush-outgoing', 'call-handler', 'shop.note'])
  })

  it('runs each step where it was put, the middleware in its place, and describes this order', async () => {
    const w = world()
    const order: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ filter: { where: () => true }, timeout: { after: '5s' } })
        .before('flush-outgoing', step('before flush', order))
        .after('middleware', step('innermost', order)),
      middleware: [step('of the bus', order)],
      endpoints: {
        notes: { middleware: [step('of the endpoint', order)], handlers: [handle(Note, { use: [step('own', order)] }, () => void order.push('run'))] },
      },
      routes: { 'shop.note': 'notes' },
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    const around = ['before flush', 'of the bus', 'of the endpoint', 'own', 'innermost']
    expect(order).toEqual([...around, 'run'])
    const { endpoints, text } = await bus.describe()
    const printed = [
      'recover',
      'filter',
      'before flush',
      'flush-outgoing',
      'timeout',
      'of the bus',
      'of the endpoint',
      'own',
      'innermost',
      'call-handler',
      'shop.note',
    ]
    expect(endpoints[0]?.handlers[0]?.pipeline).toEqual(printed)
    expect(text).toContain(printed.join(' → '))
  })

  it('may be a list, and then the middleware runs at its end', async () => {
    const w = world()
    const order: string[] = []
    const bus = await w.bus({
      pipeline: [logging(), recover(), dropExpired(), flushOutgoing(), step('tenant', order), timeout({ after: '5s' })],
      middleware: [step('middleware', order)],
      handlers: [handle(Note, () => void order.push('run'))],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(order).toEqual(['tenant', 'middleware', 'run'])
  })

  it('runs what a step of it does on the way out and on the wire, as middleware does', async () => {
    const w = world()
    const seen: string[] = []
    const tenant: Middleware = {
      name: 'tenant',
      outgoing: {
        message: (context, next) => {
          context.headers['tenant'] = 'acme'
          return next(context)
        },
        wire: (context, next) => {
          context.body = context.body.toReversed()
          return next(context)
        },
      },
      incoming: {
        wire: (context, next) => {
          context.body = context.body.toReversed()
          return next(context)
        },
        message: (context, next) => {
          seen.push(context.headers['tenant'] ?? 'nobody')
          return next(context)
        },
      },
    }
    const bus = await w.bus({ pipeline: standardPipeline().before('flush-outgoing', tenant), handlers: [handle(Find, ({ id }) => ({ id }))] })
    const asked = bus.request(new Find({ id: '7' }))
    await w.clock.settle()
    expect(await asked).toEqual({ id: '7' })
    expect(seen).toEqual(['acme'])
    expect((await bus.describe()).pipelines.outgoing).toContain('tenant')
  })

  it("is the bus's at an endpoint that has none, and its own at one that has", async () => {
    const w = world()
    const order: string[] = []
    const handler = (id: string) => on(Placed, { id }, () => undefined)
    const bus = await w.bus({
      pipeline: standardPipeline().after('recover', step('common', order)),
      handlers: [handler('a')],
      endpoints: { like: { handlers: [handler('b')] }, own: { handlers: [handler('c')], pipeline: [recover(), flushOutgoing(), step('own', order)] } },
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(order.toSorted()).toEqual(['common', 'common', 'own'])
    const { endpoints } = await bus.describe()
    expect(endpoints.map(({ name, handlers }) => [name, handlers[0]?.pipeline[1]])).toEqual([
      ['shop', 'common'],
      ['like', 'common'],
      ['own', 'flush-outgoing'],
    ])
  })

  it('has the concurrency of a handler as a limit of its own, before anything is claimed or has expired', async () => {
    const w = world()
    const handlers = [handle(Note, { concurrency: 2 }, () => undefined), handle(Find, ({ id }) => ({ id }))]
    const standard = await w.bus({ pipeline: standardPipeline({ dropExpired: true, rateLimit: { permits: 5, per: '1s' } }), handlers })
    const printed = ['recover', 'rate-limit', 'concurrency-limit', 'drop-expired', 'flush-outgoing', 'call-handler', 'shop.note']
    expect((await standard.describe()).endpoints[0]?.handlers.map(({ pipeline }) => pipeline)).toEqual([
      printed,
      [...printed.filter((name) => name !== 'concurrency-limit').slice(0, -1), 'shop.find'],
    ])
    const listed = await w.bus({ name: 'list', routes: { 'shop.*': 'list' }, pipeline: [recover(), flushOutgoing(), timeout({ after: '1s' })], handlers })
    expect((await listed.describe()).endpoints[0]?.handlers[0]?.pipeline).toEqual([
      'recover',
      'concurrency-limit',
      'flush-outgoing',
      'timeout',
      'call-handler',
      'shop.note',
    ])
  })

  it('takes steps of core also as middleware, for one endpoint or one handler', async () => {
    const w = world()
    const counts = w.seen('count')
    const runs: string[] = []
    const bus = await w.bus({
      handlers: [
        on(Placed, { id: 'some', use: [filter({ where: (message) => (message as Placed).id === '2' })] }, ({ id }) => void runs.push(`some ${id}`)),
        on(Placed, { id: 'all' }, ({ id }) => void runs.push(`all ${id}`)),
      ],
    })
    await bus.publish(new Placed({ id: '1' }))
    await bus.publish(new Placed({ id: '2' }))
    await w.clock.settle()
    expect(runs.toSorted()).toEqual(['all 1', 'all 2', 'some 2'])
    expect(counts).toMatchObject([{ what: 'filtered', detail: 'shop.placed before some' }])
  })
})

describe('a start is refused', () => {
  it('for an order that loses messages, with both names, the reason and the place', async () => {
    const problems = await problemsOf(world(), { pipeline: [flushOutgoing(), recover()], handlers: [placed] })
    expect(problems).toEqual([
      {
        what: 'options.pipeline: "flush-outgoing" stands outside of "recover": the messages of every attempt after the first would never leave',
        fix: 'Put "flush-outgoing" inside of "recover".',
      },
    ])
  })

  it('for the orders of bus, endpoint and handler at once, each told where it is made', async () => {
    const problems = await problemsOf(world(), {
      pipeline: [flushOutgoing()],
      handlers: [placed, on(Placed, { id: 'q', use: [recover(), flushOutgoing()] }, () => undefined)],
      endpoints: {
        other: { handlers: [placed], pipeline: [recover()] },
        like: { handlers: [placed], middleware: [timeout({ after: '5s' }), recover()] },
      },
    })
    const told = problems.map(({ what }) => what.replace(/ \([^)]*\)/, '').split(/(?<=missing|twice|"recover"):/)[0])
    expect(told).toEqual([
      'options.pipeline: "recover" is missing',
      'q: "flush-outgoing" is there twice',
      'q: "flush-outgoing" stands outside of "recover"',
      'q: "middleware" stands outside of "recover"',
      'options.endpoints["other"]: "flush-outgoing" is missing',
      'options.endpoints["like"]: "flush-outgoing" stands outside of "recover"',
      'options.endpoints["like"]: "middleware" stands outside of "recover"',
      'options.endpoints["like"]: "timeout" stands outside of "recover"',
    ])
  })

  it('for middleware that has no place to run in', async () => {
    const order: string[] = []
    const problems = await problemsOf(world(), {
      pipeline: standardPipeline().without('middleware'),
      middleware: [step('tenant', order)],
      handlers: [on(Placed, { id: 'q', use: [step('audit', order)] }, () => undefined)],
    })
    expect(problems).toEqual([
      {
        what: 'options.pipeline: "tenant" would never run: the pipeline has no place for middleware',
        fix: 'Put middleware() of @waybill/core/middleware where it is to run, or leave the middleware out.',
      },
      {
        what: expect.stringMatching(/^q \(.*\): "audit" would never run: the pipeline has no place for middleware$/) as unknown as string,
        fix: expect.any(String) as unknown as string,
      },
    ])
    expect(await problemsOf(world(), { pipeline: standardPipeline().without('middleware'), handlers: [placed] })).toEqual([])
  })

  it('for one limit in two places around a handler, which would wait there for itself', async () => {
    const limit = concurrencyLimit({ limit: 1 })
    const problems = await problemsOf(world(), {
      pipeline: [recover(), limit, flushOutgoing()],
      handlers: [placed, on(Placed, { id: 'q', use: [limit] }, () => undefined)],
    })
    expect(problems.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^q \(.*\): the same "concurrency-limit" is there twice: who has passed the outer one/) as unknown as string,
    ])
  })

  it('for limits that handlers share in another order, each of which would have what the other waits for', async () => {
    const [a, b, c] = [concurrencyLimit({ limit: 1 }), circuitBreaker({ when: Error }), concurrencyLimit({ limit: 2 })]
    const [q, r, s] = [
      on(Placed, { id: 'q', use: [a, b] }, () => undefined),
      on(Placed, { id: 'r', use: [b, c] }, () => undefined),
      on(Placed, { id: 's', use: [c, a] }, () => undefined),
    ]
    const problems = await problemsOf(world(), { handlers: [q, r], endpoints: { other: { handlers: [s] } } })
    expect(problems).toEqual([
      {
        what: expect.stringMatching(
          /^q \(.*\) and r \(.*\) and s \(.*\) share "circuit-breaker" and "concurrency-limit" in another order: each would have what the other waits for$/,
        ) as unknown as string,
        fix: 'Put what they share around all of them in the same order, or make each by a call of its own.',
      },
    ])
    expect(await problemsOf(world(), { handlers: [q, r] })).toEqual([])
  })

  it('for the order of a bus without handlers', async () => {
    const problems = await problemsOf(world(), { pipeline: standardPipeline().without('recover'), sends: [Placed] })
    expect(problems[0]?.what).toContain('options.pipeline: "recover" is missing')
  })

  it('for what is no pipeline, no step, or a step that does nothing', async () => {
    const nothing: Middleware = { name: 'nothing' }
    const problems = await problemsOf(world(), {
      pipeline: [recover(), flushOutgoing(), nothing, timeout as unknown as Middleware],
      handlers: [placed],
      endpoints: {
        a: { handlers: [placed], pipeline: 7 as unknown as [] },
        b: { handlers: [placed], pipeline: [recover(), flushOutgoing(), { name: 'zip', outgoing: { wire: (context, next) => next(context) } }] },
      },
    })
    expect(problems.map(({ what }) => what)).toEqual([
      'options.pipeline[2] ("nothing") has no step: it would do nothing',
      expect.stringMatching(/^options\.pipeline\[3\] is .*, which is no middleware$/) as unknown as string,
      'options.endpoints["a"].pipeline must be a pipeline of standardPipeline(), or a list of its steps, got 7',
      'options.endpoints["b"].pipeline[2] ("zip") has steps that only the whole bus can run',
    ])
  })
})

describe('a step outside of flush-outgoing that ends a run', () => {
  const early = (step: Middleware) => standardPipeline().before('flush-outgoing', step)

  it('answers a request with a fault, and counts it', async () => {
    const w = world()
    const counts = w.seen('count')
    const skip: Middleware = { name: 'skip', incoming: { message: () => Promise.resolve({ outcome: 'accepted' }) } }
    const bus = await w.bus({ pipeline: early(skip), handlers: [handle(Find, ({ id }) => ({ id }))] })
    const answer = bus.request(new Find({ id: '1' })).catch((error: unknown) => error)
    await w.clock.settle()
    expect(await answer).toMatchObject({ remoteCode: 'WAYBILL_MIDDLEWARE' })
    expect(counts.map(({ what }) => what)).toEqual(['short-circuited'])
  })

  it('sends what it has sent', async () => {
    const w = world()
    const seen: string[] = []
    const divert: Middleware = {
      name: 'divert',
      incoming: {
        message: async (context, next) => {
          if (context.type !== 'shop.note') return next(context)
          await context.publish(new Placed({ id: 'diverted' }))
          return { outcome: 'accepted' }
        },
      },
    }
    const bus = await w.bus({ pipeline: early(divert), handlers: [handle(Note, () => undefined), on(Placed, { id: 'p' }, ({ id }) => void seen.push(id))] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(seen).toEqual(['diverted'])
  })

  it('in JavaScript that forgets its result fails its own handler alone', async () => {
    const w = world()
    const runs: string[] = []
    const forget = { name: 'forget', incoming: { message: () => Promise.resolve() } } as unknown as Middleware
    const bus = await w.bus({
      retry: { immediate: 1, delayed: [] },
      handlers: [on(Placed, { id: 'a' }, () => void runs.push('a'))],
      endpoints: { other: { handlers: [on(Placed, { id: 'b' }, () => void runs.push('b'))], pipeline: [recover(), forget, flushOutgoing(), middleware()] } },
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(runs).toEqual(['a'])
    expect(w.deadLetters('other')).toMatchObject([{ handler: 'b', reason: 'retries-exhausted' }])
  })
})
