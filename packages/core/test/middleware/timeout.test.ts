import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle, type Middleware } from '../../src/index.js'
import { standardPipeline, timeout } from '../../src/middleware.js'
import { gate, Note, Placed, world } from '../support/service.js'

class Step extends Command('flow.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

const retry = { immediate: 1, delayed: [] }
const after = (limit: '1s' | '10s') => standardPipeline({ timeout: { after: limit } })

describe('timeout', () => {
  it('aborts the signal, counts one failure, and starts no retry before the old run has ended', async () => {
    const w = world()
    const attempts: number[] = []
    const aborted: unknown[] = []
    const ends = [gate(), gate()]
    const bus = await w.bus({
      pipeline: after('1s'),
      retry,
      handlers: [
        handle(Note, async (_, context) => {
          attempts.push(context.attempt)
          context.signal.addEventListener('abort', () => aborted.push(context.signal.reason))
          await ends[context.attempt - 1]?.opened
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(999)
    expect(aborted).toEqual([])
    await w.clock.advance(4_000)
    expect(aborted).toMatchObject([{ code: 'WAYBILL_HANDLER_TIMEOUT', message: expect.stringContaining('within 1000 ms') as unknown }])
    expect(attempts).toEqual([1])
    ends[0]?.open()
    await w.clock.advance(2_000)
    expect(attempts).toEqual([1, 2])
    ends[1]?.open()
    await w.clock.settle()
    expect(w.broker.deadLetters('shop')[0]?.headers).toMatchObject({
      'waybill-dead-letter-error-code': 'WAYBILL_HANDLER_TIMEOUT',
      'waybill-dead-letter-attempts': '2',
    })
  })

  it('starts no other message of the key before the run that is over its time has ended', async () => {
    const w = world()
    const runs: string[] = []
    const first = gate()
    const bus = await w.bus({
      name: 'flow',
      pipeline: after('1s'),
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(Step, async ({ key, n }) => {
          runs.push(`${key}${n}`)
          if (key === 'a' && n === 1) await first.opened
        }),
      ],
    })
    for (const n of [1, 2]) for (const key of ['a', 'b']) await bus.send(new Step({ key, n }))
    await w.clock.advance(10_000)
    expect(runs).toEqual(['a1', 'b1', 'b2'])
    first.open()
    await w.clock.settle()
    expect(runs).toEqual(['a1', 'b1', 'b2', 'a2'])
    expect(w.deadLetters('flow')).toMatchObject([{ reason: 'retries-exhausted', body: '{"key":"a","n":1}' }])
  })

  it('fails the attempt whatever the handler gives back later, and sends nothing of it', async () => {
    const w = world()
    const sends = w.seen('send')
    const bus = await w.bus({
      pipeline: after('1s'),
      sends: [Placed],
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }, context) => {
          await context.publish(new Placed({ id }))
          await new Promise<void>((resolve) => void w.clock.after(1_500, resolve))
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(5_000)
    expect(sends.map(({ purpose }) => purpose)).toEqual(['message', 'dead-letter'])
  })

  it.each([
    { limit: '10s', own: '1s', overMs: 1_000 },
    { limit: '1s', own: '10s', overMs: 1_000 },
    { limit: '1s', own: undefined, overMs: 1_000 },
  ] as const)('of $limit around a handler with $own: the nearer deadline holds', async ({ limit, own, overMs }) => {
    const w = world()
    const start = w.clock.now()
    const over: { readonly atMs: number; readonly text: string }[] = []
    const bus = await w.bus({
      pipeline: after(limit),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] }, ...(own === undefined ? undefined : { timeout: own }) }, async (_, { signal }) => {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          over.push({ atMs: w.clock.now() - start, text: (signal.reason as Error).message })
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(60_000)
    expect(over).toEqual([{ atMs: overMs, text: expect.stringContaining(`did not end within ${overMs} ms`) as unknown }])
    expect(w.deadLetters()).toHaveLength(1)
  })

  it('holds for the middleware inside of it too, and the handler’s own deadline for the handler alone', async () => {
    const w = world()
    const waits: Middleware = {
      name: 'waits',
      incoming: {
        message: async (context, next) => {
          const [before, behind] = (context.headers['waits'] ?? '0 0').split(' ').map(Number)
          await new Promise<void>((resolve) => void w.clock.after(before ?? 0, resolve))
          const settlement = await next(context)
          await new Promise<void>((resolve) => void w.clock.after(behind ?? 0, resolve))
          return settlement
        },
      },
    }
    const runs: string[] = []
    const bus = await w.bus({
      pipeline: after('10s'),
      middleware: [waits],
      handlers: [handle(Note, { timeout: '1s', retry: { immediate: 0, delayed: [] } }, ({ id }) => void runs.push(id))],
    })
    await bus.send(new Note({ id: 'in time' }), { headers: { waits: '4000 5000' } })
    await bus.send(new Note({ id: 'late before' }), { headers: { waits: '11000 0' } })
    await bus.send(new Note({ id: 'late behind' }), { headers: { waits: '0 11000' } })
    await w.clock.advance(60_000)
    expect(runs.toSorted()).toEqual(['in time', 'late before', 'late behind'])
    expect(w.deadLetters().map(({ body }) => body)).toEqual(['{"id":"late before"}', '{"id":"late behind"}'])
  })

  it('does not run while a run waits for its handler’s own concurrency', async () => {
    const w = world()
    const start = w.clock.now()
    const ends: number[] = []
    const bus = await w.bus({
      pipeline: after('1s'),
      handlers: [
        handle(Note, { concurrency: 1, retry: { immediate: 0, delayed: [] } }, async () => {
          await new Promise<void>((resolve) => void w.clock.after(800, resolve))
          ends.push(w.clock.now() - start)
        }),
      ],
    })
    for (const id of ['1', '2', '3']) await bus.send(new Note({ id }))
    await w.clock.advance(10_000)
    expect(ends).toEqual([800, 1_600, 2_400])
    expect(w.deadLetters()).toEqual([])
  })

  it('may stand in another one, around one handler', async () => {
    const w = world()
    const over: number[] = []
    const start = w.clock.now()
    const untilAborted = async (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<void> => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      over.push(w.clock.now() - start)
    }
    const bus = await w.bus({
      pipeline: after('10s'),
      handlers: [handle(Note, { use: [timeout({ after: '2s' })], retry: { immediate: 0, delayed: [] } }, untilAborted)],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(60_000)
    expect(over).toEqual([2_000])
  })

  it('gives the delivery back when its lock is lost, and counts no failure', async () => {
    const w = world()
    const attempts: number[] = []
    const bus = await w.bus({
      pipeline: after('1s'),
      handlers: [
        handle(Note, (_, { attempt }) => {
          attempts.push(attempt)
          return attempts.length === 1 ? new Promise<void>(() => undefined) : undefined
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(5_000)
    w.broker.cut()
    await w.clock.advance(60_000)
    expect(attempts).toEqual([1, 1])
    expect(w.deadLetters()).toEqual([])
  })

  it('goes with the stop, when a handler does not end', async () => {
    const w = world()
    const bus = await w.bus({ pipeline: after('1s'), stopTimeout: '5s', handlers: [handle(Note, () => new Promise<void>(() => undefined))] })
    await bus.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.advance(2_000)
    const stopped = bus.stop()
    await w.clock.advance(5_000)
    expect(await stopped).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n1' }] })
    expect(w.deadLetters()).toEqual([])
  })

  it('is refused where it gives no time', () => {
    expect(() => timeout({ after: '0s' })).toThrow(/timeout\.after must be a duration of at least a millisecond[^]*got "0s"/)
  })
})
