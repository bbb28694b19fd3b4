import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handle, type Bus, type Duration } from '../../src/index.js'
import { createMemoryBroker, memory, memorySchedule } from '../../src/memory/index.js'
import { virtualClock } from '../../src/runtime/index.js'
import '../../src/bus/engine.js'
import { createBus } from '../../src/index.js'
import { Note, recordingLogger } from '../support/service.js'

interface Sent {
  readonly id: string
  readonly dueMs: number
}

/** When each arrived, of messages that are sent with these delays, with these pauses in between. */
async function arrivals(
  sends: readonly { readonly delayMs: number; readonly pauseMs: number }[],
  { maxMs, way }: { readonly maxMs: number | 'none'; readonly way: 'store' | 'hops' },
): Promise<{ readonly sent: readonly Sent[]; readonly arrived: readonly { readonly id: string; readonly atMs: number }[] }> {
  const clock = virtualClock()
  const broker = createMemoryBroker({ clock })
  const arrived: { readonly id: string; readonly atMs: number }[] = []
  const sent: Sent[] = []
  const delay = maxMs === 'none' ? 'none' : { maxMs, resolutionMs: 1 }
  const bus: Bus = createBus({
    name: 'shop',
    transport: memory({ broker, capabilities: { delay } }),
    clock,
    logger: recordingLogger([]),
    ...(way === 'store' ? { stores: { schedule: memorySchedule() } } : undefined),
    concurrency: 1,
    handlers: [handle(Note, ({ id }) => void arrived.push({ id, atMs: clock.now() }))],
  })
  await bus.start()
  for (const [index, { delayMs, pauseMs }] of sends.entries()) {
    const id = String(index)
    sent.push({ id, dueMs: clock.now() + delayMs })
    await bus.send(new Note({ id }), { delay: `${delayMs}ms` satisfies Duration })
    await clock.advance(pauseMs)
  }
  await clock.advance(100_000)
  const stopped = bus.stop()
  await clock.advance(60_000)
  await stopped
  expect(clock.waiting.count).toBe(0)
  return { sent, arrived }
}

const sends = fc.array(fc.record({ delayMs: fc.integer({ min: 1, max: 5_000 }), pauseMs: fc.constantFrom(0, 0, 1, 700) }), { minLength: 1, maxLength: 12 })

describe('a delay of any length', () => {
  it('by the schedule store is never early and never late, in the order of the times, among equals of the calls', async () => {
    await fc.assert(
      fc.asyncProperty(sends, async (given) => {
        const { sent, arrived } = await arrivals(given, { maxMs: 'none', way: 'store' })
        const byTime = sent.toSorted((a, b) => a.dueMs - b.dueMs || Number(a.id) - Number(b.id))
        expect(arrived).toEqual(byTime.map(({ id, dueMs }) => ({ id, atMs: dueMs })))
      }),
      { numRuns: 150 },
    )
  })

  it.each(['store', 'hops'] as const)('beyond what the broker can, by %s, is never early and arrives once', async (way) => {
    await fc.assert(
      fc.asyncProperty(sends, fc.integer({ min: 40, max: 6_000 }), async (given, maxMs) => {
        const { sent, arrived } = await arrivals(given, { maxMs, way })
        const due = new Map(sent.map(({ id, dueMs }) => [id, dueMs]))
        expect(arrived.map(({ id }) => id).toSorted()).toEqual(sent.map(({ id }) => id).toSorted())
        expect(arrived.filter(({ id, atMs }) => atMs !== due.get(id))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})
