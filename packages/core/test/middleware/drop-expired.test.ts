import { describe, expect, it } from 'vitest'
import { handle, type Middleware } from '../../src/index.js'
import { dropExpired, standardPipeline } from '../../src/middleware.js'
import { Find, gate, Note, world, type World } from '../support/service.js'

/** Stands for a limit or a breaker: holds what comes until it is opened. */
function barrier(): { readonly step: Middleware; open(): void } {
  const { opened, open } = gate()
  return { step: { name: 'barrier', incoming: { message: (context, next) => opened.then(() => next(context)) } }, open }
}

const guarded = (options: Parameters<typeof dropExpired>[0], step: Middleware) => standardPipeline().after('recover', step, dropExpired(options))

const counted = (w: World) => w.seen('count')

describe('drop-expired', () => {
  it('lets no handler begin when its message has expired behind a limit: the message is a dead letter', async () => {
    const w = world()
    const runs: string[] = []
    const { step, open } = barrier()
    const bus = await w.bus({ clockSkew: '1s', pipeline: guarded({}, step), handlers: [handle(Note, ({ id }) => void runs.push(id))] })
    await bus.send(new Note({ id: 'short' }), { expiresIn: '10s' })
    await bus.send(new Note({ id: 'long' }), { expiresIn: '1m' })
    await bus.send(new Note({ id: 'ever' }))
    await w.clock.advance(11_001)
    open()
    await w.clock.settle()
    expect(runs.toSorted()).toEqual(['ever', 'long'])
    expect(w.deadLetters()).toMatchObject([{ reason: 'expired', handler: 'shop.note', body: '{"id":"short"}' }])
  })

  it('allows for the clocks of senders, by the option of the bus or by its own', async () => {
    const runs = async (own: Parameters<typeof dropExpired>[0], afterMs: number): Promise<number> => {
      const w = world()
      let count = 0
      const { step, open } = barrier()
      const bus = await w.bus({ clockSkew: '5s', pipeline: guarded(own, step), handlers: [handle(Note, () => void (count += 1))] })
      await bus.send(new Note({ id: '1' }), { expiresIn: '10s' })
      await w.clock.advance(10_000 + afterMs)
      open()
      await w.clock.settle()
      return count
    }
    expect(await runs({}, 5_000)).toBe(1)
    expect(await runs({}, 5_001)).toBe(0)
    expect(await runs({ clockSkew: '0s' }, 0)).toBe(1)
    expect(await runs({ clockSkew: '0s' }, 1)).toBe(0)
    expect(await runs({ clockSkew: '1m' }, 60_000)).toBe(1)
  })

  it('counts an expired request, which neither runs nor gets a reply nor becomes a dead letter', async () => {
    const w = world()
    const counts = counted(w)
    const sends = w.seen('send')
    let runs = 0
    const { step, open } = barrier()
    await w.bus({
      pipeline: guarded({}, step),
      handlers: [
        handle(Find, ({ id }) => {
          runs += 1
          return { id }
        }),
      ],
    })
    const caller = await w.bus({ name: 'caller' })
    const answer = caller.request(new Find({ id: '1' }), { timeout: '2s' }).catch((error: unknown) => error)
    await w.clock.advance(2_001)
    expect(await answer).toMatchObject({ code: 'WAYBILL_REQUEST_TIMEOUT' })
    open()
    await w.clock.settle()
    expect(runs).toBe(0)
    expect(counts.map(({ what }) => what)).toEqual(['expired-request'])
    expect(sends.map(({ purpose }) => purpose)).toEqual(['message'])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, delayed: 0, unsettled: 0 })
    expect(w.deadLetters()).toEqual([])
  })

  it('looks again before each attempt', async () => {
    const w = world()
    const runs: number[] = []
    const bus = await w.bus({
      clockSkew: '0s',
      pipeline: standardPipeline({ dropExpired: true, recover: { immediate: 3, delayed: [] } }),
      handlers: [
        handle(Note, async (_, { attempt }) => {
          runs.push(attempt)
          await new Promise<void>((resolve) => void w.clock.after(4_000, resolve))
          throw new Error('again')
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }), { expiresIn: '10s' })
    await w.clock.advance(60_000)
    expect(runs).toEqual([1, 2, 3])
    expect(w.deadLetters()).toMatchObject([{ reason: 'expired' }])
  })
})
