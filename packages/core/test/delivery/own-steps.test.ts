import { describe, expect, it } from 'vitest'
import { handle, on, type Middleware } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { breakable } from '../support/inbox.js'
import { gate, Find, Note, Place, Placed, Shipped, world } from '../support/service.js'

/** Ends well what has failed. */
const swallow: Middleware = {
  name: 'swallow',
  incoming: {
    async message(context, next) {
      try {
        return await next(context)
      } catch {
        return { outcome: 'accepted' }
      }
    },
  },
}

/** Runs the handler once more when it has failed. */
const again: Middleware = {
  name: 'again',
  incoming: {
    async message(context, next) {
      await context.publish(new Shipped({ id: 'by the step' }))
      try {
        return await next(context)
      } catch {
        return next(context)
      }
    },
  },
}

describe('a step of your own that swallows the failure of the handler', () => {
  it('lets nothing leave that the handler had sent before it failed', async () => {
    const w = world()
    const arrived: string[] = []
    await w.bus({ name: 'mail', handlers: [on(Placed, { id: 'p' }, ({ id }) => void arrived.push(id))] })
    const counted = w.seen('count')
    const bus = await w.bus({
      middleware: [swallow],
      sends: [Placed],
      handlers: [
        handle(Note, async (_, context) => {
          await context.publish(new Placed({ id: 'half' }))
          throw new Error('and then it failed')
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    expect(arrived).toEqual([])
    expect(counted.map(({ what }) => what)).toEqual(['short-circuited'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })

  it('leaves no requester waiting: it gets a fault', async () => {
    const w = world()
    const bus = await w.bus({
      middleware: [swallow],
      handlers: [
        handle(Find, () => {
          throw new Error('no')
        }),
      ],
    })
    const answer = bus.request(new Find({ id: 'f' })).catch((error: unknown) => error)
    await w.clock.settle()
    expect(await answer).toMatchObject({
      remoteCode: 'WAYBILL_MIDDLEWARE',
      remoteMessage: expect.stringContaining('accepted a request that its handler has not answered') as unknown,
    })
  })
})

describe('a step of your own that runs the handler once more', () => {
  it('sends the messages of the run that succeeded, under the ids of the first, and its own once', async () => {
    const w = world()
    const arrived: string[] = []
    await w.bus({
      name: 'mail',
      handlers: [
        on(Placed, { id: 'p' }, ({ id }, context) => void arrived.push(`${id} ${context.id}`)),
        on(Shipped, { id: 's' }, ({ id }) => void arrived.push(id)),
      ],
    })
    const ids: string[] = []
    const sent = w.seen('send')
    const run = async (fails: boolean): Promise<void> => {
      let runs = 0
      const bus = await w.bus({
        middleware: [again],
        sends: [Placed, Shipped],
        handlers: [
          handle(Note, async (_, context) => {
            await context.publish(new Placed({ id: 'placed' }))
            runs += 1
            if (fails && runs === 1) throw new Error('once')
          }),
        ],
      })
      await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
      await w.clock.settle()
      ids.push(...sent.splice(0).flatMap(({ outgoing: { envelope } }) => (envelope.type === 'shop.placed' ? envelope.id : [])))
      await bus.stop()
    }
    await run(false)
    await run(true)
    expect(ids).toHaveLength(2)
    expect(ids[1]).toBe(ids[0])
    expect(arrived.toSorted()).toEqual(['by the step', 'by the step', `placed ${ids[0]}`, `placed ${ids[0]}`])
  })

  it('has its deadline and its end with the stop as any other run', async () => {
    const w = world()
    const slow = gate()
    let runs = 0
    const bus = await w.bus({
      middleware: [again],
      sends: [Shipped],
      handlerTimeout: '10s',
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(Note, (_, { signal }) => {
          runs += 1
          if (runs % 2 === 1) throw new Error('once')
          return new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
        }),
        handle(Place, () => {
          runs += 1
          if (runs % 2 === 1) throw new Error('once')
          return slow.opened.then(() => ({ total: 1 }))
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.advance(15_000)
    expect(w.broker.deadLetters('shop')[0]?.headers).toMatchObject({ 'waybill-dead-letter-error-code': 'WAYBILL_HANDLER_TIMEOUT' })
    await bus.send(new Place({ id: 'p' }), { id: 'place-1' })
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.advance(60_000)
    expect(await stopped).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.place', messageId: 'place-1' }] })
    slow.open()
  })
})

describe('a step of your own that accepts whatever came of the rest', () => {
  const accepts: Middleware = {
    name: 'accepts',
    incoming: {
      async message(context, next) {
        await next(context).catch(() => undefined)
        return { outcome: 'accepted' }
      },
    },
  }

  it('accepts nothing that a stop has given up', async () => {
    const w = world()
    const inbox = memoryInbox()
    const bus = await w.bus({ middleware: [accepts], stores: { inbox }, stopTimeout: '5s', handlers: [handle(Note, () => new Promise<void>(() => undefined))] })
    await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.advance(60_000)
    expect(await stopped).toMatchObject({ unfinished: [{ messageId: 'note-1' }] })
    expect(w.broker.depth('shop').ready).toBe(1)
    expect(inbox.rows()).toEqual([])
  })

  it('accepts nothing that has not begun when the bus stops', async () => {
    const w = world()
    const slow = gate()
    const runs: string[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ concurrencyLimit: { limit: 1 } }).after('recover', accepts),
      handlers: [
        handle(Note, ({ id }) => {
          runs.push(id)
          return slow.opened
        }),
      ],
    })
    for (const id of ['a', 'b', 'c']) await bus.send(new Note({ id }))
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    slow.open()
    await w.clock.settle()
    await stopped
    expect(runs).toEqual(['a'])
    expect(w.broker.depth('shop').ready).toBe(2)
  })

  it('makes no dead letter either of what the stop has kept from beginning', async () => {
    const w = world()
    const broken = breakable(memoryInbox())
    const rejects: Middleware = {
      name: 'rejects',
      incoming: {
        async message(context, next) {
          await next(context)
          return { outcome: 'rejected', reason: 'mine' }
        },
      },
    }
    const bus = await w.bus({
      stores: { inbox: broken.store },
      pipeline: standardPipeline().after('recover', rejects),
      handlers: [handle(Note, () => undefined)],
    })
    broken.down = 'everything'
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    await stopped
    expect(w.deadLetters()).toEqual([])
    expect(w.broker.depth('shop').ready).toBe(1)
  })

  it('accepts nothing whose messages could not leave before the lock was lost', async () => {
    const w = world()
    const settled = w.seen('settle')
    let runs = 0
    const bus = await w.bus({
      pipeline: standardPipeline().before('flush-outgoing', accepts),
      sends: [Placed],
      publishTimeout: '10m',
      handlers: [
        handle(Note, async (_, context) => {
          runs += 1
          await context.publish(new Placed({ id: 'told' }))
          if (runs === 1) w.broker.cut()
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.advance(60_000)
    expect(runs).toBe(2)
    expect(settled.map(({ disposition }) => disposition)).toEqual(['released', 'accepted'])
  })
})
