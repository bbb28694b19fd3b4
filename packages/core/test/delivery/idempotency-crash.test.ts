import { describe, expect, it } from 'vitest'
import { handle, on, type Middleware } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { crashAt, type FailpointName } from '../../src/runtime/index.js'
import { breakable } from '../support/inbox.js'
import { gate, Note, Placed, world, type World } from '../support/service.js'

const done = { ready: 0, unsettled: 0, delayed: 0 }

/** The instance that a start adds. */
async function instance(w: World, start: () => Promise<unknown>): Promise<string> {
  const before = w.broker.connections()
  await start()
  return w.broker.connections().find((id) => !before.includes(id)) ?? ''
}

describe('a process that dies with an inbox', () => {
  it.each<{ point: FailpointName; row: 'claimed' | 'done'; out: boolean; effects: number }>([
    { point: 'before-handler', row: 'claimed', out: false, effects: 1 },
    { point: 'after-handler', row: 'claimed', out: false, effects: 2 },
    { point: 'before-flush', row: 'claimed', out: false, effects: 2 },
    { point: 'after-flush', row: 'claimed', out: true, effects: 2 },
    { point: 'before-mark', row: 'claimed', out: true, effects: 2 },
    { point: 'after-mark', row: 'done', out: true, effects: 1 },
    { point: 'after-dispatch', row: 'done', out: true, effects: 1 },
    { point: 'before-settle', row: 'done', out: true, effects: 1 },
  ])('at $point leaves a row that is $row, runs $effects times, and its message arrives with one id', async ({ point, row, out, effects }) => {
    const w = world()
    const inbox = memoryInbox()
    const arrived: string[] = []
    const handled: string[] = []
    let runs = 0
    await w.bus({ name: 'plain', handlers: [on(Placed, { id: 'p' }, (_, { id }) => void arrived.push(id))] })
    await w.bus({ name: 'guarded', stores: { inbox }, handlers: [on(Placed, { id: 'g' }, (_, { id }) => void handled.push(id))] })
    const service = {
      stores: { inbox },
      handlers: [
        handle(Note, async ({ id }, context) => {
          runs += 1
          await context.publish(new Placed({ id }))
        }),
      ],
    }
    const sender = await w.bus({ name: 'sender', sends: [Note] })
    const instanceId = await instance(w, () => w.bus(service))
    const crash = crashAt(point, { instanceId })
    await sender.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    await crash.reached
    const rows = inbox.rows().filter(({ handler }) => handler === 'shop.note')
    expect(rows).toMatchObject([{ id: 'note-1', state: row }])
    // Marked and not flushed does not exist.
    expect(arrived).toHaveLength(out ? 1 : 0)

    await w.bus(service)
    await w.clock.advance(60_000)
    expect(runs).toBe(effects)
    expect(new Set(arrived).size).toBe(1)
    expect(arrived).toHaveLength(out && effects > 1 ? 2 : 1)
    expect(handled).toEqual([arrived[0]])
    expect(inbox.rows().every(({ state }) => state === 'done')).toBe(true)
    expect(w.broker.depth('shop')).toEqual(done)
    expect(w.deadLetters()).toEqual([])
  })

  it('repeats only the handlers that are not done', async () => {
    const w = world()
    const inbox = memoryInbox()
    const runs: string[] = []
    const service = {
      stores: { inbox },
      retry: { immediate: 0, delayed: ['10s'] as const },
      handlers: [
        on(Placed, { id: 'h1' }, () => void runs.push('h1')),
        on(Placed, { id: 'h2' }, () => {
          runs.push('h2')
          if (runs.filter((run) => run === 'h2').length === 1) throw new Error('once')
        }),
        on(Placed, { id: 'h3' }, () => void runs.push('h3')),
      ],
    }
    const sender = await w.bus({ name: 'sender' })
    const instanceId = await instance(w, () => w.bus(service))
    const crash = crashAt('after-copies', { instanceId })
    await sender.publish(new Placed({ id: 'p' }))
    await w.clock.settle()
    await crash.reached
    await w.bus(service)
    await w.clock.advance(60_000)
    // The delivery comes again: its failed handler runs, and the copy that was made for it is a duplicate.
    expect(runs).toEqual(['h1', 'h2', 'h3', 'h2'])
    expect(w.broker.depth('shop')).toEqual(done)
  })
})

describe('a delivery whose lock is lost while its handler runs', () => {
  it('runs again only when that run has ended', async () => {
    const w = world()
    const runs: ReturnType<typeof gate>[] = []
    const bus = await w.bus({
      stores: { inbox: memoryInbox() },
      handlers: [
        handle(Note, () => {
          const run = gate()
          runs.push(run)
          return run.opened
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(20_000)
    expect(w.broker.depth('shop').unsettled).toBe(1)
    expect(runs).toHaveLength(1)
    runs[0]?.open()
    await w.clock.settle()
    expect(runs).toHaveLength(2)
    runs[1]?.open()
    await w.clock.settle()
    expect(w.broker.depth('shop')).toEqual(done)
  })

  it.each(['handler', 'middleware'])('runs again after the lease where its %s never ends', async (which) => {
    const w = world()
    let runs = 0
    const never = (): Promise<never> => new Promise(() => undefined)
    const stuck: Middleware = {
      name: 'stuck',
      incoming: {
        message: (context, next) => {
          runs += 1
          return runs === 1 && which === 'middleware' ? never() : next(context)
        },
      },
    }
    const bus = await w.bus({
      stores: { inbox: memoryInbox() },
      middleware: [stuck],
      handlers: [handle(Note, () => (runs === 1 ? never() : undefined))],
    })
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(60_000)
    expect(runs).toBe(2)
    expect(w.broker.depth('shop')).toEqual(done)
  })
})

describe('a run whose row was taken over', () => {
  it('is not done by what it did: it waits for the other one, and burns no attempt', async () => {
    const w = world()
    const inbox = memoryInbox()
    const broken = breakable(inbox)
    const counted = w.seen('count')
    const handled = w.seen('handled')
    const runs: { readonly attempt: number; readonly gate: ReturnType<typeof gate> }[] = []
    const bus = await w.bus({
      stores: { inbox: broken.store },
      handlers: [
        handle(Note, (_, { attempt }) => {
          runs.push({ attempt, gate: gate() })
          return runs.at(-1)?.gate.opened
        }),
      ],
    })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    broken.down = 'renew'
    await w.clock.advance(40_000)
    expect(runs).toHaveLength(2)
    broken.down = 'nothing'
    runs[0]?.gate.open()
    await w.clock.settle()
    expect(w.broker.depth('shop').unsettled).toBe(2)
    runs[1]?.gate.open()
    await w.clock.advance(10_000)
    expect(w.broker.depth('shop')).toEqual(done)
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1])
    expect(handled.map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual(['accepted 1', 'accepted 1'])
    expect(counted.map(({ what }) => what)).toEqual(['claim-lost', 'duplicate'])
  })

  it('is told by its signal, and what it throws then is no failure', async () => {
    const w = world()
    const broken = breakable(memoryInbox())
    const handled = w.seen('handled')
    const retried = w.seen('retry')
    let runs = 0
    const bus = await w.bus({
      stores: { inbox: broken.store },
      handlers: [
        handle(Note, (_, { signal }) => {
          runs += 1
          const run = runs
          return new Promise<void>((resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('given up')))
            if (run === 2) w.clock.after(60_000, resolve)
          })
        }),
      ],
    })
    for (let index = 0; index < 2; index += 1) await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    broken.down = 'renew'
    await w.clock.advance(35_000)
    expect(runs).toBe(2)
    broken.down = 'nothing'
    await w.clock.advance(120_000)
    expect(runs).toBe(2)
    expect(retried).toEqual([])
    expect(handled.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
    expect(w.broker.depth('shop')).toEqual(done)
  })

  it('is a failure like any other when that happens again and again: it ends, and stays', async () => {
    const w = world()
    const inbox = memoryInbox()
    let runs = 0
    const bus = await w.bus({
      retry: { immediate: 1, delayed: [] },
      stores: {
        inbox: {
          durability: 'process',
          open: (host) => inbox.open(host),
          claim: async (...request) => {
            const claim = await inbox.claim(...request)
            if (claim.state !== 'claimed') return claim
            return {
              state: 'claimed',
              complete: async () => {
                await claim.release()
                return 'lost'
              },
              release: () => claim.release(),
            }
          },
        },
      },
      handlers: [
        handle(Note, () => {
          runs += 1
          // Without a bound this would never end.
          if (runs > 500) throw new Error('without end')
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.settle()
    expect(runs).toBe(102)
    expect(w.deadLetters().map(({ id }) => id)).toEqual(['note-1'])
    expect(w.broker.deadLetters('shop')[0]?.headers).toMatchObject({ 'waybill-dead-letter-error-code': 'WAYBILL_CLAIM_LOST' })
  })
})
