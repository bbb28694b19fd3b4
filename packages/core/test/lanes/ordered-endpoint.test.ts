import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, createBus, handle } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { altered } from '../support/altered.js'
import { gate, world, type World } from '../support/service.js'

class Step extends Command('flow.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

/** A broker that gives a delivery for a minute: half of that is how long a head may hold its key. */
const forOneMinute = (w: World) =>
  altered(w.broker, (transport) => {
    Object.defineProperty(transport, 'capabilities', { value: { ...transport.capabilities, lockMs: 60_000 } })
  })

/** Starts a bus whose handler fails at `a1` for ever, and sends `a1 a2 b1 …`. */
async function failing(w: World, { steps, delayed }: { readonly steps: string; readonly delayed: readonly `${number}s`[] }): Promise<string[]> {
  const startMs = w.clock.now()
  const runs: string[] = []
  const bus = await w.bus({
    name: 'flow',
    transport: forOneMinute(w),
    concurrency: 1,
    handlerTimeout: '10s',
    handlers: [
      handle(Step, { retry: { immediate: 0, delayed } }, ({ key, n }) => {
        runs.push(`${key}${n} at ${w.clock.now() - startMs}`)
        if (key === 'a' && n === 1) throw new Error('always')
      }),
    ],
  })
  for (const step of steps.split(' ')) await bus.send(new Step({ key: step.slice(0, 1), n: Number(step.slice(1)) }))
  await w.clock.settle()
  return runs
}

describe('the head of a key on an ordered endpoint', () => {
  it('keeps its followers behind it unsettled, and lets other keys go on while the prefetch has room', async () => {
    const w = world()
    // With this lock and time-out the prefetch is two.
    const runs = await failing(w, { steps: 'a1 b1 b2 a2 b3', delayed: ['20s'] })
    // a1 waits in its place and a2 behind it: there is no room for b3.
    expect(runs).toEqual(['a1 at 0', 'b1 at 0', 'b2 at 0'])
    expect(w.broker.depth('flow')).toEqual({ ready: 1, unsettled: 2, delayed: 0 })
    await w.clock.advance(20_000)
    expect(runs.slice(3)).toEqual(['a1 at 20000', 'a2 at 20000', 'b3 at 20000'])
    expect(w.broker.depth('flow')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(w.deadLetters('flow')).toMatchObject([{ body: '{"key":"a","n":1}', reason: 'retries-exhausted' }])
  })

  it('lets go of its key when half of its lock is over: it is a dead letter, and the key goes on in order', async () => {
    const w = world()
    let waits = 0
    const startMs = w.clock.now()
    const runs: string[] = []
    const bus = await w.bus({
      name: 'flow',
      transport: forOneMinute(w),
      handlerTimeout: '10s',
      handlers: [handle(Step, ({ key, n }) => void runs.push(`${key}${n} at ${w.clock.now() - startMs}`))],
      // It says how long it waits, so no policy bounds it.
      middleware: [
        {
          name: 'not-yet',
          incoming: {
            message: (context, next) => {
              if (context.headers['wait'] === undefined) return next(context)
              waits += 1
              return Promise.resolve({ outcome: 'deferred', delayMs: 8_000 })
            },
          },
        },
      ],
    })
    await bus.send(new Step({ key: 'a', n: 1 }), { headers: { wait: 'yes' } })
    for (const [key, n] of [
      ['a', 2],
      ['b', 1],
      ['a', 3],
    ] as const)
      await bus.send(new Step({ key, n }))
    await w.clock.advance(60_000)
    // At 0, 8, 16 and 24 s; at 32 s it would hold its key for more than 30 s.
    expect(waits).toBe(4)
    expect(runs).toEqual(['b1 at 0', 'a2 at 24000', 'a3 at 24000'])
    expect(w.deadLetters('flow')).toMatchObject([{ body: '{"key":"a","n":1}', reason: 'held-too-long' }])
  })

  it('keeps its key while its dead letter is refused', async () => {
    const w = world()
    const end = w.broker.failSends({ times: 1_000, where: ({ destination }) => destination.kind === 'endpoint' && destination.name === 'flow.dead-letter' })
    const runs = await failing(w, { steps: 'a1 a2', delayed: [] })
    await w.clock.advance(10_000)
    expect(runs).toEqual(['a1 at 0'])
    end()
    await w.clock.advance(40_000)
    expect(runs.map((run) => run.replace(/ at.*/, ''))).toEqual(['a1', 'a2'])
    expect(w.deadLetters('flow')).toHaveLength(1)
  })

  it('keeps its key while a run that is over its deadline has not ended', async () => {
    const w = world()
    const ends = gate()
    const runs: string[] = []
    const bus = await w.bus({
      name: 'flow',
      handlerTimeout: '1s',
      retry: { immediate: 0 },
      handlers: [
        handle(Step, async ({ key, n }) => {
          runs.push(`${key}${n}`)
          if (n === 1) await ends.opened
        }),
      ],
    })
    for (const n of [1, 2]) await bus.send(new Step({ key: 'a', n }))
    await w.clock.advance(60_000)
    expect(runs).toEqual(['a1'])
    ends.open()
    await w.clock.settle()
    expect(runs).toEqual(['a1', 'a2'])
    expect(w.deadLetters('flow')).toMatchObject([{ reason: 'retries-exhausted' }])
  })
})

describe('an ordered endpoint whose policy waits longer than a head may', () => {
  const startOn = (w: World, transport: ReturnType<typeof memory>, delayed: readonly `${number}s`[]): Promise<unknown> => {
    const bus = createBus({ name: 'flow', transport, clock: w.clock, handlerTimeout: '10s', handlers: [handle(Step, { retry: { delayed } }, () => undefined)] })
    return bus.start().then(
      () => bus.stop(),
      (error: unknown) => error,
    )
  }

  it('is refused at start beyond five minutes, whatever the lock', async () => {
    const w = world()
    const error = await startOn(w, memory({ broker: w.broker }), ['100s', '201s'])
    expect(error).toMatchObject({ problems: [{ what: expect.stringContaining('its delayed retries take 301000 ms') as unknown }] })
    expect(await startOn(w, memory({ broker: w.broker }), ['100s', '200s'])).toEqual({ unfinished: [] })
  })

  it('is refused at start beyond half of the lock that the broker gives', async () => {
    const w = world()
    const error = await startOn(w, forOneMinute(w), ['10s', '21s'])
    expect(error).toMatchObject({
      code: 'WAYBILL_CONFIGURATION',
      problems: [{ what: expect.stringMatching(/flow\.step.*31000 ms.*30000 ms/) as unknown, fix: expect.stringContaining('30000') as unknown }],
    })
    expect(await startOn(w, forOneMinute(w), ['10s', '20s'])).toEqual({ unfinished: [] })
  })
})
