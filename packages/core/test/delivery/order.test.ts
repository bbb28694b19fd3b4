import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, ConfigurationError, createBus, Event, handle, on } from '../../src/index.js'
import { gate, Note, world } from '../support/service.js'

class Step extends Command('flow.step', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}
class Moved extends Event('flow.moved', z.object({ key: z.string(), n: z.int() }), { key: 'key', ordered: true }) {}

describe('an ordered endpoint', () => {
  it('runs one message of a key at a time, in the order of sending, and other keys beside it', async () => {
    const w = world()
    const starts: string[] = []
    const gates = new Map<string, ReturnType<typeof gate>>()
    const bus = await w.bus({
      name: 'flow',
      handlers: [
        handle(Step, async ({ key, n }) => {
          starts.push(`${key}${n}`)
          const ends = gate()
          gates.set(`${key}${n}`, ends)
          await ends.opened
        }),
      ],
    })
    for (const n of [1, 2, 3]) for (const key of ['a', 'b']) await bus.send(new Step({ key, n }))
    await w.clock.settle()
    expect(starts).toEqual(['a1', 'b1'])
    gates.get('b1')?.open()
    await w.clock.settle()
    expect(starts).toEqual(['a1', 'b1', 'b2'])
    for (const name of ['a1', 'b2', 'a2', 'b3', 'a3']) {
      gates.get(name)?.open()
      await w.clock.settle()
    }
    expect(starts.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
  })

  it('keeps a failing head in its place: no copy, its followers wait, other keys go on', async () => {
    const w = world()
    const runs: string[] = []
    const sends = w.seen('send')
    const bus = await w.bus({
      name: 'flow',
      concurrency: 1,
      handlers: [
        handle(Step, { retry: { immediate: 0, delayed: ['10s', '20s'] } }, ({ key, n }, { attempt }) => {
          runs.push(`${key}${n}#${attempt}`)
          if (key === 'a' && n === 1 && attempt < 3) throw new Error('not yet')
        }),
      ],
    })
    for (const n of [1, 2]) for (const key of ['a', 'b']) await bus.send(new Step({ key, n }))
    await w.clock.settle()
    expect(runs).toEqual(['a1#1', 'b1#1', 'b2#1'])
    await w.clock.advance(30_000)
    expect(runs).toEqual(['a1#1', 'b1#1', 'b2#1', 'a1#2', 'a1#3', 'a2#1'])
    expect(sends.filter(({ purpose }) => purpose !== 'message')).toEqual([])
  })

  it('dead-letters the head when its policy is over, and then the key goes on', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      name: 'flow',
      handlers: [
        handle(Step, ({ key, n }) => {
          runs.push(`${key}${n}`)
          if (n === 1) throw new Error('never')
        }),
      ],
    })
    for (const n of [1, 2]) await bus.send(new Step({ key: 'a', n }))
    await w.clock.advance(1_000)
    expect(runs).toEqual(['a1', 'a1', 'a1', 'a2'])
    expect(w.deadLetters('flow')).toMatchObject([{ reason: 'retries-exhausted' }])
  })

  it('goes on in order at another process after a crash', async () => {
    const w = world()
    const runs: string[] = []
    const stuck = [handle(Step, () => new Promise<void>(() => undefined))]
    const first = await w.bus({ name: 'flow', handlers: stuck, stopTimeout: '1s' })
    for (const n of [1, 2, 3]) await first.send(new Step({ key: 'a', n }))
    await w.clock.settle()
    const stopped = first.stop()
    await w.clock.advance(1_000)
    await stopped
    await w.bus({ name: 'flow', handlers: [handle(Step, ({ n }) => void runs.push(String(n)))] })
    await w.clock.settle()
    expect(runs).toEqual(['1', '2', '3'])
  })

  it('refuses a message without a key at the call', async () => {
    const w = world()
    const bus = await w.bus({ name: 'flow', handlers: [on(Moved, { id: 'm' }, () => undefined)] })
    await expect(bus.publish(new Moved({ key: '', n: 1 }))).rejects.toMatchObject({ code: 'WAYBILL_MISSING_KEY' })
  })

  it('is refused at start together with types that are not ordered, and with delays that would hold a key for long', async () => {
    const mixed = createBus({
      name: 'shop',
      routes: { 'flow.step': 'shop' },
      handlers: [handle(Step, { retry: { delayed: ['10m'] } }, () => undefined), handle(Note, () => undefined)],
    })
    const error = await mixed.start().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect((error as ConfigurationError).problems.map(({ what }) => what)).toEqual([
      'The endpoint "shop" handles flow.step, which is ordered, and shop.note, which is not.',
      expect.stringMatching(/^flow\.step.* is ordered, and its delayed retries take 600000 ms/) as unknown,
    ])
  })
})
