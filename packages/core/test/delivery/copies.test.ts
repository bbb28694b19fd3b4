import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Event, handle, on, type Middleware } from '../../src/index.js'
import { createMemoryBroker, memory } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { Note, Placed, world } from '../support/service.js'

const nothing = { ready: 0, unsettled: 0, delayed: 0 }

class Moved extends Event('flow.moved', z.object({ key: z.string() }), { key: 'key', ordered: true }) {}

describe('a copy', () => {
  it('for later differs from the one before it, also when nothing has failed: a broker that deduplicates keeps both', async () => {
    const w = world()
    const broker = createMemoryBroker({ clock: w.clock, deduplicate: '1h' })
    let arrivals = 0
    let handled = 0
    const notYet: Middleware = {
      name: 'not-yet',
      incoming: { message: (context, next) => ((arrivals += 1) > 3 ? next(context) : Promise.resolve({ outcome: 'deferred', delayMs: 1_000 })) },
    }
    const bus = await w.bus({ transport: memory({ broker }), middleware: [notYet], handlers: [handle(Note, () => void (handled += 1))] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(60_000)
    expect({ arrivals, handled }).toEqual({ arrivals: 4, handled: 1 })
    expect(broker.depth('shop')).toEqual(nothing)
  })

  it('of a hop differs from the hop before it', async () => {
    const w = world()
    const broker = createMemoryBroker({ clock: w.clock, deduplicate: '1h' })
    const handledAt: number[] = []
    const start = w.clock.now()
    const transport = memory({ broker, capabilities: { delay: { maxMs: 60_000, resolutionMs: 1 } } })
    const bus = await w.bus({ transport, handlers: [handle(Note, () => void handledAt.push(w.clock.now() - start))] })
    await bus.send(new Note({ id: '1' }), { delay: '10m' })
    await w.clock.advance(11 * 60_000)
    expect(handledAt).toEqual([600_000])
  })

  it('for one handler stays for it alone when a wire step fails on it, and counts no attempt of it', async () => {
    const w = world()
    const runs: string[] = []
    let isDown = false
    const flaky: Middleware = {
      name: 'flaky',
      incoming: {
        wire: (context, next) => {
          if (isDown) throw new Error('down')
          return next(context)
        },
      },
    }
    const bus = await w.bus({
      middleware: [flaky],
      retry: { immediate: 0, delayed: ['10s', '20s', '30s'] },
      handlers: [
        on(Placed, { id: 'a' }, () => void runs.push('a')),
        on(Placed, { id: 'b' }, (_, { attempt }) => {
          runs.push(`b${attempt}`)
          if (attempt < 3) throw new Error('not yet')
        }),
      ],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    isDown = true
    await w.clock.advance(20_000)
    isDown = false
    await w.clock.advance(120_000)
    expect(runs).toEqual(['a', 'b1', 'b2', 'b3'])
    expect(w.broker.depth('shop')).toEqual(nothing)
  })

  it.each([[Number.NaN], [-1], [undefined], ['1s'], [Number.POSITIVE_INFINITY]])(
    'is not made for a time that is none (%s): the step has failed',
    async (delayMs) => {
      const w = world()
      let arrivals = 0
      const wrong: Middleware = {
        name: 'wrong',
        incoming: {
          message: () => {
            arrivals += 1
            return Promise.resolve(arrivals > 100 ? { outcome: 'accepted' } : ({ outcome: 'deferred', delayMs } as never))
          },
        },
      }
      const bus = await w.bus({ middleware: [wrong], retry: { immediate: 1, delayed: [] }, handlers: [handle(Note, () => undefined)] })
      await bus.send(new Note({ id: '1' }))
      await w.clock.advance(60_000)
      expect(arrivals).toBe(2)
      expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted' }])
    },
  )
})

describe('a delivery that waits in its place', () => {
  /** One that can be held for a minute. */
  const locked = (w: ReturnType<typeof world>) =>
    altered(w.broker, (transport) => {
      Object.defineProperty(transport, 'capabilities', { value: { ...transport.capabilities, lockMs: 60_000 } })
    })

  it('is held for half of its lock by all of its handlers together', async () => {
    const w = world()
    const fail = (): never => {
      throw new Error('always')
    }
    const retry = { immediate: 0, delayed: ['10s', '15s'] } as const
    const bus = await w.bus({
      name: 'flow',
      transport: locked(w),
      handlerTimeout: '1s',
      handlers: [on(Moved, { id: 'a', retry }, fail), on(Moved, { id: 'b', retry }, fail)],
    })
    await bus.publish(new Moved({ key: 'k' }))
    await w.clock.advance(30_000)
    expect(w.deadLetters('flow')).toMatchObject([
      { reason: 'retries-exhausted', handler: 'a' },
      { reason: 'held-too-long', handler: 'b' },
    ])
    expect(w.broker.depth('flow')).toEqual(nothing)
  })

  it('is held no longer because a wire step fails', async () => {
    const w = world()
    const down = (): Promise<never> => new Promise((_, reject) => void w.clock.after(6_000, () => reject(new Error('down'))))
    const broken: Middleware = { name: 'broken', incoming: { wire: down } }
    const bus = await w.bus({
      name: 'flow',
      transport: locked(w),
      handlerTimeout: '1s',
      middleware: [broken],
      retry: { immediate: 0, delayed: ['20s', '10s'] },
      handlers: [on(Moved, { id: 'a' }, () => undefined)],
    })
    await bus.publish(new Moved({ key: 'k' }))
    await w.clock.advance(32_000)
    expect(w.deadLetters('flow')).toMatchObject([{ reason: 'held-too-long', handler: '*' }])
  })
})
