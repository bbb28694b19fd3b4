import { describe, expect, it } from 'vitest'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import {
  contextKey,
  ContextKeyError,
  currentContext,
  handle,
  MessageContext,
  on,
  type Middleware,
  type SharedContext,
  UnrecoverableError,
} from '../../src/index.js'
import { Find, Note, Placed, Shipped, world } from '../support/service.js'

const Tenant = contextKey<string>('tenant')

const compress: Middleware = {
  name: 'compress',
  outgoing: {
    wire: (context, next) => {
      context.body = deflateRawSync(context.body)
      context.system['encoding'] = 'deflate'
      return next(context)
    },
  },
  incoming: {
    wire: (context, next) => {
      if (context.system['encoding'] === 'deflate') context.body = inflateRawSync(context.body)
      return next(context)
    },
  },
}

describe('middleware', () => {
  it('of bus, endpoint and handler runs in this order around the handler, inside of its retries', async () => {
    const w = world()
    const order: string[] = []
    const step = (name: string): Middleware => ({
      name,
      incoming: {
        message: async (context, next) => {
          order.push(`${name} in ${context.attempt}`)
          const settlement = await next(context)
          order.push(`${name} out ${settlement.outcome}`)
          return settlement
        },
      },
    })
    const bus = await w.bus({
      middleware: [step('bus')],
      routes: { 'shop.note': 'notes' },
      endpoints: {
        notes: {
          middleware: [step('endpoint')],
          handlers: [
            handle(Note, { use: [step('handler')] }, (_, { attempt }) => {
              order.push('run')
              if (attempt === 1) throw new Error('once')
            }),
          ],
        },
      },
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(order).toEqual([
      'bus in 1',
      'endpoint in 1',
      'handler in 1',
      'run',
      'bus in 2',
      'endpoint in 2',
      'handler in 2',
      'run',
      'handler out accepted',
      'endpoint out accepted',
      'bus out accepted',
    ])
  })

  it('may reject, and then the message is a dead letter and no handler runs', async () => {
    const w = world()
    let runs = 0
    const block: Middleware = {
      name: 'block',
      incoming: {
        message: (context, next) =>
          context.headers['tenant'] === 'blocked' ? Promise.resolve({ outcome: 'rejected', reason: 'the tenant is blocked' }) : next(context),
      },
    }
    const bus = await w.bus({ middleware: [block], handlers: [handle(Note, () => void (runs += 1))] })
    await bus.send(new Note({ id: '1' }), { headers: { tenant: 'blocked' } })
    await bus.send(new Note({ id: '2' }), { headers: { tenant: 'good' } })
    await w.clock.settle()
    expect(runs).toBe(1)
    expect(w.deadLetters()).toMatchObject([{ reason: 'the tenant is blocked', body: '{"id":"1"}' }])
  })

  it('may defer, and then the handler runs later', async () => {
    const w = world()
    const times: number[] = []
    const start = w.clock.now()
    const later: Middleware = {
      name: 'later',
      incoming: { message: (context, next) => (w.clock.now() - start < 5_000 ? Promise.resolve({ outcome: 'deferred', delayMs: 5_000 }) : next(context)) },
    }
    const bus = await w.bus({ middleware: [later], handlers: [handle(Note, () => void times.push(w.clock.now() - start))] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(60_000)
    expect(times).toEqual([5_000])
  })

  it('in JavaScript that forgets its result, or releases what it could settle, fails the handler and loses nothing', async () => {
    const w = world()
    const forget = {
      name: 'forget',
      incoming: { message: async (context: MessageContext, next: (context: MessageContext) => Promise<unknown>) => void (await next(context)) },
    } as unknown as Middleware
    const release: Middleware = { name: 'release', incoming: { message: () => Promise.resolve({ outcome: 'released' }) } }
    const retry = { immediate: 0, delayed: [] }
    const bus = await w.bus({
      handlers: [on(Placed, { id: 'forget', use: [forget], retry }, () => undefined), on(Placed, { id: 'release', use: [release], retry }, () => undefined)],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(w.broker.deadLetters('shop').map(({ headers }) => headers['waybill-dead-letter-error-code'])).toEqual(['WAYBILL_MIDDLEWARE', 'WAYBILL_MIDDLEWARE'])
  })

  it('hands state to the handler by key, per attempt, and a missing key is named', async () => {
    const w = world()
    const seen: unknown[] = []
    const tenant: Middleware = {
      name: 'tenant',
      incoming: {
        message: (context, next) => {
          context.set(Tenant, context.headers['tenant'] ?? 'default')
          return next(context)
        },
      },
    }
    const bus = await w.bus({
      handlers: [
        on(Placed, { id: 'with', use: [tenant] }, (_, context) => void seen.push(context.get(Tenant))),
        on(Placed, { id: 'without' }, (_, context) => {
          seen.push(context.find(Tenant))
          try {
            context.get(Tenant)
          } catch (error) {
            seen.push(error instanceof ContextKeyError && error.message.includes('"tenant"'))
          }
        }),
      ],
    })
    await bus.publish(new Placed({ id: '1' }), { headers: { tenant: 'acme' } })
    await w.clock.settle()
    expect(seen).toEqual(['acme', undefined, true])
  })

  it('hands what a wire step has set to every handler, and what one handler sets to no other', async () => {
    const w = world()
    const seen: unknown[] = []
    const tenant: Middleware = {
      name: 'tenant',
      incoming: {
        wire: (context, next) => {
          context.set(Tenant, 'from the wire')
          return next(context)
        },
      },
    }
    const take = (id: string) =>
      on(Placed, { id }, (_, context) => {
        seen.push(context.get(Tenant))
        context.set(Tenant, id)
        seen.push(context.get(Tenant))
      })
    const bus = await w.bus({ middleware: [tenant], handlers: [take('a'), take('b')] })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(seen).toEqual(['from the wire', 'a', 'from the wire', 'b'])
  })

  it('changes the bytes on both sides, also of replies, faults, retries and what a handler sends', async () => {
    const w = world()
    const seen: string[] = []
    const bus = await w.bus({
      middleware: [compress],
      handlers: [
        handle(Find, ({ id }) => {
          if (id === 'fail') throw new UnrecoverableError('z'.repeat(1_000))
          return { id }
        }),
        handle(Note, { retry: { immediate: 0, delayed: ['1s'] } }, async ({ id }, context) => {
          if (context.attempt === 1) throw new Error('once')
          await context.publish(new Placed({ id }))
        }),
        on(Placed, { id: 'p' }, ({ id }) => void seen.push(id)),
      ],
    })
    const sends = w.seen('send')
    expect(await bus.request(new Find({ id: 'x'.repeat(1_000) }))).toEqual({ id: 'x'.repeat(1_000) })
    await expect(bus.request(new Find({ id: 'fail' }))).rejects.toMatchObject({ remoteMessage: expect.stringContaining('zzz') as unknown })
    await bus.send(new Note({ id: 'y'.repeat(1_000) }))
    await w.clock.advance(5_000)
    expect(seen).toEqual(['y'.repeat(1_000)])
    expect(sends.length).toBe(7)
    for (const { outgoing } of sends) expect(outgoing.envelope.body?.length).toBeLessThan(200)
  })

  it('keeps the order of a key when one message takes longer than the next', async () => {
    const w = world()
    const seen: string[] = []
    const slow: Middleware = {
      name: 'slow',
      outgoing: {
        wire: async (context, next) => {
          for (let turn = 0; turn < (context.type === 'shop.placed' ? 50 : 0); turn += 1) await Promise.resolve()
          return next(context)
        },
      },
    }
    const bus = await w.bus({
      middleware: [slow],
      sends: [Placed, Shipped],
      handlers: [
        handle(Note, async ({ id }, context) => {
          await context.publish(new Placed({ id }), { key: 'k' })
          await context.publish(new Shipped({ id }), { key: 'k' })
        }),
      ],
    })
    const sends = w.seen('send')
    await bus.send(new Note({ id: '1' }))
    await Promise.all([bus.publish(new Placed({ id: '2' }), { key: 'k' }), bus.publish(new Placed({ id: '3' }), { key: 'k' })])
    await w.clock.settle()
    for (const { outgoing } of sends) if (outgoing.envelope.kind === 'event') seen.push(outgoing.envelope.type)
    expect(seen.toSorted()).toEqual(['shop.placed', 'shop.placed', 'shop.placed', 'shop.shipped'])
    expect(seen.indexOf('shop.shipped')).toBeGreaterThan(seen.indexOf('shop.placed'))
  })

  it('runs its outgoing wire steps once for a message that is sent again', async () => {
    const w = world()
    let encoded = 0
    const counting: Middleware = {
      name: 'counting',
      outgoing: {
        wire: (context, next) => {
          if (context.type === 'shop.placed') encoded += 1
          return next(context)
        },
      },
    }
    const bus = await w.bus({ middleware: [counting], sends: [Placed], handlers: [handle(Note, ({ id }, context) => context.publish(new Placed({ id })))] })
    w.broker.failSends({ times: 3, where: ({ envelope }) => envelope.type === 'shop.placed' })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(60_000)
    expect(encoded).toBe(1)
  })

  it('that fails on the wire follows the policy of the endpoint, and no handler has run', async () => {
    const w = world()
    const runs: string[] = []
    let down = 5
    const blobs: Middleware = {
      name: 'blobs',
      incoming: {
        wire: (context, next) => {
          down -= 1
          if (down >= 0) throw new Error('the blob store is down')
          return next(context)
        },
      },
    }
    const bus = await w.bus({
      middleware: [blobs],
      retry: { immediate: 1, delayed: ['1s', '2s'] },
      handlers: [on(Placed, { id: 'a' }, (_, { attempt }) => void runs.push(`a${attempt}`)), on(Placed, { id: 'b' }, () => void runs.push('b'))],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.advance(2_000)
    expect(runs).toEqual([])
    await w.clock.advance(10_000)
    expect(runs).toEqual(['a1', 'b'])
    down = 1_000
    await bus.publish(new Placed({ id: '2' }))
    await w.clock.advance(10_000)
    expect(w.deadLetters()).toMatchObject([{ handler: '*', reason: 'retries-exhausted', body: '{"id":"2"}' }])
  })

  it('cannot settle from a wire step', async () => {
    const w = world()
    const swallow = { name: 'swallow', incoming: { wire: () => Promise.resolve({}) } } as unknown as Middleware
    const bus = await w.bus({ middleware: [swallow], retry: { immediate: 0, delayed: [] }, handlers: [on(Placed, { id: 'a' }, () => undefined)] })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(w.deadLetters()).toMatchObject([{ handler: '*' }])
  })

  it('that keeps an outgoing message from leaving in a wire step is an error of the call', async () => {
    const w = world()
    const keep: Middleware = { name: 'keep', outgoing: { wire: () => Promise.resolve({ outcome: 'sent' }) } }
    const bus = await w.bus({ middleware: [keep], sends: [Placed] })
    await expect(bus.publish(new Placed({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_MIDDLEWARE' })
  })

  it('may keep an event from leaving, which is counted; a request that it keeps fails at once', async () => {
    const w = world()
    const counts = w.seen('count')
    const keep: Middleware = { name: 'keep', outgoing: { message: () => Promise.resolve({ outcome: 'sent' }) } }
    const bus = await w.bus({ middleware: [keep], sends: [Placed], handlers: [handle(Find, ({ id }) => ({ id }))] })
    await bus.publish(new Placed({ id: '1' }))
    expect(counts.map(({ what }) => what)).toEqual(['short-circuited'])
    await expect(bus.request(new Find({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_MIDDLEWARE' })
  })

  it('sees what is sent before it is serialized, and may add headers', async () => {
    const w = world()
    const seen: (string | undefined)[] = []
    const stamp: Middleware = {
      name: 'stamp',
      outgoing: {
        message: (context, next) => {
          context.headers['sent-by'] = `${context.stage} ${context.type}`
          return next(context)
        },
      },
    }
    const bus = await w.bus({ middleware: [stamp], handlers: [on(Placed, { id: 'a' }, (_, { headers }) => void seen.push(headers['sent-by']))] })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(seen).toEqual(['outgoing message shop.placed'])
    const bad: Middleware = { name: 'bad', outgoing: { message: (context, next) => ((context.headers['a\r\nb'] = 'c'), next(context)) } }
    const other = await w.bus({ name: 'other', middleware: [bad], sends: [Placed] })
    await expect(other.publish(new Placed({ id: '1' }))).rejects.toMatchObject({ code: 'WAYBILL_SEND_OPTION' })
  })

  it('of one function fits all four stages', async () => {
    const w = world()
    const stages: string[] = []
    const timed = async <C extends SharedContext & { readonly stage: string }, R>(context: C, next: (context: C) => Promise<R>): Promise<R> => {
      stages.push(context.stage)
      return next(context)
    }
    const timing: Middleware = { name: 'timing', incoming: { wire: timed, message: timed }, outgoing: { wire: timed, message: timed } }
    const bus = await w.bus({ middleware: [timing], handlers: [handle(Note, () => undefined)] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(stages).toEqual(['outgoing message', 'outgoing wire', 'incoming wire', 'incoming message'])
  })
})

describe('the ambient context', () => {
  it('is that of the handler that runs, over awaits, and none outside', async () => {
    const w = world()
    const seen: (string | undefined)[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, async ({ id }) => {
          await Promise.resolve()
          seen.push(`${id} ${currentContext()?.id}`)
        }),
      ],
    })
    await Promise.all([bus.send(new Note({ id: 'a' }), { id: '1' }), bus.send(new Note({ id: 'b' }), { id: '2' })])
    await w.clock.settle()
    expect(seen.toSorted()).toEqual(['a 1', 'b 2'])
    expect(currentContext()).toBeUndefined()
  })
})
