import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../contract/index.js'
import { connected, message } from '../../test/guarded.js'
import { refused } from '../../test/scripted-transport.js'

describe('order by key', () => {
  it('has one call in flight per destination and key, and none waits for another key', async () => {
    const { guard, transport, clock } = await connected()
    void guard.send({ outgoing: message('a1', { key: 'A' }), purpose: 'message' })
    await clock.settle()
    void guard.send({ outgoing: message('a2', { key: 'A' }), purpose: 'message' })
    void guard.send({ outgoing: message('b1', { key: 'B' }), purpose: 'message' })
    void guard.send({ outgoing: message('free'), purpose: 'message' })
    void guard.send({ outgoing: message('a-elsewhere', { key: 'A', to: 'billing' }), purpose: 'message' })
    await clock.settle()
    expect(transport.sent).toEqual([['a1'], ['b1', 'free'], ['a-elsewhere']])
    transport.calls[0]?.confirm()
    await clock.settle()
    expect(transport.last.ids).toEqual(['a2'])
  })

  it('keeps the order of each key whatever is refused, and delivers everything once', async () => {
    const steps = fc.record({
      keys: fc.array(fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }), { minLength: 1, maxLength: 60 }),
      batchCount: fc.integer({ min: 1, max: 12 }),
      refusals: fc.array(fc.nat({ max: 11 }), { maxLength: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(steps, async ({ keys, batchCount, refusals }) => {
        const taken: Outgoing[] = []
        const inFlight = new Set<string>()
        const { guard, clock } = await connected({
          limits: { batchCount },
          answer: (messages, call) => {
            const busy = [...new Set(messages.flatMap(({ envelope }) => envelope.key ?? []))]
            for (const key of busy) expect(inFlight.has(key)).toBe(false)
            const refusedKeys = new Set<string>()
            const first = refusals[call]
            const failures = messages.flatMap(({ envelope }, index) => {
              if (index !== first && !(envelope.key !== undefined && refusedKeys.has(envelope.key))) {
                taken.push(messages[index] as Outgoing)
                return []
              }
              if (envelope.key !== undefined) refusedKeys.add(envelope.key)
              return [refused(index)]
            })
            for (const key of busy) inFlight.add(key)
            queueMicrotask(() => {
              for (const key of busy) inFlight.delete(key)
            })
            return failures
          },
        })
        const sends = Promise.all(
          keys.map((key, index) =>
            guard.send({ outgoing: message(String(index), key === undefined ? {} : { key: String(key) }), purpose: 'message', timeoutMs: 1e9 }),
          ),
        )
        while (guard.pending.messages > 0) await clock.advance(clock.waiting.count > 0 ? 5_000 : 0)
        await sends
        expect(taken.map(({ envelope }) => Number(envelope.id)).toSorted((a, b) => a - b)).toEqual(keys.map((_, index) => index))
        for (const key of new Set(keys)) {
          if (key === undefined) continue
          const order = taken.filter(({ envelope }) => envelope.key === String(key)).map(({ envelope }) => Number(envelope.id))
          expect(order).toEqual(order.toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 300 },
    )
  })
})
