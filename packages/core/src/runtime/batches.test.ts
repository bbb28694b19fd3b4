import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../contract/index.js'
import { SendError } from '../errors/index.js'
import { connected, message, outcomeOf } from '../../test/guarded.js'
import { refused, unknown } from '../../test/scripted-transport.js'
import { crashAt } from './failpoint.js'
import { observe, type InstrumentationEvents } from './instrumentation.js'

const confirm = { answer: () => [] }
const wireSize = ({ envelope }: Outgoing): number => envelope.body?.byteLength ?? 0
const ids = (count: number, first = 0): string[] => Array.from({ length: count }, (_, index) => String(first + index))

describe('batching', () => {
  it('makes 100 concurrent sends of one tick 10 full calls, in the order of the sends', async () => {
    const { guard, transport } = await connected(confirm)
    await Promise.all(ids(100).map((id) => guard.send({ outgoing: message(id), purpose: 'message' })))
    expect(transport.sent).toEqual(Array.from({ length: 10 }, (_, call) => ids(10, call * 10)))
  })

  it('makes 100 concurrent sends of one key 10 full calls, one after the other', async () => {
    const { guard, transport, clock } = await connected()
    const sends = Promise.all(ids(100).map((id) => guard.send({ outgoing: message(id, { key: 'K' }), purpose: 'message' })))
    for (let call = 0; call < 10; call += 1) {
      await clock.settle()
      expect(transport.calls).toHaveLength(call + 1)
      transport.last.confirm()
    }
    await sends
    expect(transport.sent.flat()).toEqual(ids(100))
  })

  it.each([2, 3, 6, 7, 8, 10])('makes 100 concurrent sends over %i keys 10 calls', async (keys) => {
    const { guard, transport } = await connected(confirm)
    await Promise.all(ids(100).map((id) => guard.send({ outgoing: message(id, { key: `K${Number(id) % keys}` }), purpose: 'message' })))
    expect(transport.sent.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(ids(100))
    expect(transport.calls).toHaveLength(10)
  })

  it('takes the keys in turn, for brokers that take a batch apart by key', async () => {
    const { guard, transport } = await connected({ ...confirm, limits: { batchCount: 4 } })
    await Promise.all(['a1 A', 'a2 A', 'a3 A', 'b1 B', 'free', 'b2 B'].map((text) => guard.send({ outgoing: message(text, text === 'free' ? {} : { key: text.slice(-1) }), purpose: 'message' })))
    expect(transport.sent).toEqual([
      ['a1 A', 'b1 B', 'free', 'a2 A'],
      ['a3 A', 'b2 B'],
    ])
  })

  it('coalesces what is sent in the microtasks of one turn', async () => {
    const { guard, transport } = await connected(confirm)
    const late = async (id: string, hops: number): Promise<void> => {
      for (let hop = 0; hop < hops; hop += 1) await Promise.resolve()
      await guard.send({ outgoing: message(id), purpose: 'message' })
    }
    await Promise.resolve()
    await Promise.all([late('a', 1), late('b', 5), late('c', 20)])
    expect(transport.sent).toEqual([['a', 'b', 'c']])
  })

  it('lets a lone send wait for no timer', async () => {
    const { guard, transport, clock } = await connected(confirm)
    const before = clock.now()
    await guard.send({ outgoing: message('a'), purpose: 'message' })
    expect(clock.now()).toBe(before)
    expect(transport.sent).toEqual([['a']])
  })

  it('never mixes destinations in one call', async () => {
    const { guard, transport } = await connected(confirm)
    const outgoing = [
      message('a', { to: 'orders' }),
      message('b', { destination: { kind: 'topic', name: 'orders', ordered: false } }),
      message('c', { destination: { kind: 'address', address: 'orders' } }),
      message('d', { to: 'orders' }),
    ]
    await Promise.all(outgoing.map((one) => guard.send({ outgoing: one, purpose: 'message' })))
    expect(transport.sent).toEqual([['a', 'd'], ['b'], ['c']])
  })

  it('closes a batch before it exceeds batchBytes, by the sizes that the transport counts', async () => {
    const { guard, transport } = await connected({ ...confirm, limits: { batchBytes: 100 }, sizeOf: wireSize })
    await Promise.all([40, 50, 20, 80, 5].map((bytes, index) => guard.send({ outgoing: message(String(index), { bytes }), purpose: 'message' })))
    expect(transport.sent).toEqual([['0', '1'], ['2', '3'], ['4']])
  })

  it('sends a message that is larger than a batch alone, so that it fails nobody else', async () => {
    const { guard, transport } = await connected({ ...confirm, limits: { batchBytes: 100 }, sizeOf: wireSize })
    await Promise.all([10, 500, 10, 10].map((bytes, index) => guard.send({ outgoing: message(String(index), { bytes }), purpose: 'message' })))
    expect(transport.sent).toEqual([['0'], ['1'], ['2', '3']])
  })

  it('makes at most 64 calls at once, so that what comes meanwhile makes bigger batches', async () => {
    const { guard, transport, clock } = await connected()
    for (const id of ids(64)) {
      void guard.send({ outgoing: message(id), purpose: 'message' })
      await clock.settle()
    }
    const later = ids(20, 64).map((id) => guard.send({ outgoing: message(id), purpose: 'message' }))
    await clock.settle()
    expect(transport.calls).toHaveLength(64)
    for (const call of transport.calls) call.confirm()
    await clock.settle()
    expect(transport.sent.slice(64)).toEqual([ids(10, 64), ids(10, 74)])
    for (const call of transport.calls) call.confirm()
    await Promise.all(later)
  })

  it('takes turns between destinations when calls are scarce', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } })
    for (const id of ids(100)) void guard.send({ outgoing: message(id, { to: 'flooded' }), purpose: 'message' })
    void guard.send({ outgoing: message('other', { to: 'quiet' }), purpose: 'message' })
    await clock.settle()
    expect(transport.sent.flat()).toContain('other')
  })

  it('runs its calls in the ambient context of no sender', async () => {
    const { AsyncLocalStorage } = await import('node:async_hooks')
    const ambient = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const { guard } = await connected({
      answer: () => {
        seen.push(ambient.getStore())
        return []
      },
    })
    await ambient.run('a handler', () => guard.send({ outgoing: message('a'), purpose: 'message' }))
    expect(seen).toEqual([undefined])
  })
})

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
        const sends = Promise.all(keys.map((key, index) => guard.send({ outgoing: message(String(index), key === undefined ? {} : { key: String(key) }), purpose: 'message', timeoutMs: 1e9 })))
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

describe('failures', () => {
  it('rejects the failed entry alone, and the others are sent', async () => {
    const cause = new Error('no such queue')
    const { guard } = await connected({ answer: () => [refused(1, { retryable: false, cause })] })
    const [a, b, c] = await Promise.allSettled(['a', 'b', 'c'].map((id) => guard.send({ outgoing: message(id), purpose: 'message' })))
    expect(a?.status).toBe('fulfilled')
    expect(c?.status).toBe('fulfilled')
    expect(b).toMatchObject({ status: 'rejected', reason: { code: 'WAYBILL_SEND', failures: [{ type: 'orders.place-order', id: 'b', outcome: 'refused', retryable: false, cause }] } })
  })

  it('sends again what is refused and retryable, in its place for its key, after 100 ms that double', async () => {
    const { guard, transport, clock } = await connected()
    const sends = ['a', 'b', 'c'].map((id) => guard.send({ outgoing: message(id, { key: 'K' }), purpose: 'message' }))
    await clock.settle()
    transport.last.answer([refused(1), refused(2)])
    await clock.settle()
    sends.push(guard.send({ outgoing: message('d', { key: 'K' }), purpose: 'message' }), guard.send({ outgoing: message('free'), purpose: 'message' }))
    await clock.settle()
    expect(transport.sent).toEqual([['a', 'b', 'c'], ['free']])
    transport.last.confirm()
    await clock.advance(99)
    expect(transport.calls).toHaveLength(2)
    await clock.advance(1)
    expect(transport.last.ids).toEqual(['b', 'c', 'd'])
    transport.last.answer([refused(0), refused(1), refused(2)])
    await clock.advance(199)
    expect(transport.calls).toHaveLength(3)
    await clock.advance(1)
    expect(transport.last.ids).toEqual(['b', 'c', 'd'])
    transport.last.confirm()
    await Promise.all(sends)
  })

  it('waits for at most 5 s, and a jitter is only ever added', async () => {
    const times: number[] = []
    const { guard, clock } = await connected(
      {
        answer: () => {
          times.push(clock.now())
          return [refused(0)]
        },
      },
      { random: () => 1 },
    )
    const outcome = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message', timeoutMs: 40_000 }))
    await clock.advance(41_000)
    expect(outcome.state).toBe('rejected')
    const waits = times.slice(1).map((time, index) => time - (times[index] as number))
    expect(waits.slice(0, 3)).toEqual([150, 300, 600])
    expect(Math.max(...waits)).toBe(7_500)
  })

  it('rejects an unknown outcome of a message of the user at once', async () => {
    const { guard, transport } = await connected({ answer: () => [unknown(0)] })
    await expect(guard.send({ outgoing: message('a'), purpose: 'message' })).rejects.toMatchObject({ failures: [{ outcome: 'unknown', retryable: true }] })
    expect(transport.calls).toHaveLength(1)
  })

  it('sends a copy with an unknown outcome again, and says so when it is refused for good', async () => {
    const { guard, transport, clock } = await connected({ answer: (_, call) => (call === 0 ? [unknown(0)] : [refused(0, { retryable: false })]) })
    const send = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'retry' }))
    await clock.advance(1_000)
    expect(transport.calls).toHaveLength(2)
    expect(transport.calls[1]?.messages[0]).toBe(transport.calls[0]?.messages[0])
    expect(send.error).toMatchObject({ failures: [{ outcome: 'unknown', retryable: false }] })
  })

  it('takes a rejected call for unknown of all its messages', async () => {
    const { guard, transport, clock } = await connected()
    const sends = ['a', 'b'].map((id) => outcomeOf(guard.send({ outgoing: message(id), purpose: 'message' })))
    await clock.settle()
    const cause = new Error('socket closed')
    transport.last.reject(cause)
    await clock.settle()
    expect(sends.map(({ error }) => (error as SendError).failures)).toMatchObject([[{ id: 'a', outcome: 'unknown', cause }], [{ id: 'b', outcome: 'unknown', cause }]])
  })

  it.each([
    ['an index that is not in the call', [refused(7)]],
    ['no list', undefined as unknown as []],
  ])('confirms nothing for an answer with %s', async (_, answer) => {
    const { guard } = await connected({ answer: () => answer })
    await expect(guard.send({ outgoing: message('a'), purpose: 'message' })).rejects.toMatchObject({ failures: [{ outcome: 'unknown' }] })
  })
})

describe('seams', () => {
  it('announces the answer for each message when somebody listens', async () => {
    const events: InstrumentationEvents['send'][] = []
    const { guard, clock } = await connected({ answer: (_, call) => (call === 0 ? [refused(1)] : []) })
    const end = observe('send', (event) => void events.push(event))
    const sends = [guard.send({ outgoing: message('a'), purpose: 'message' }), guard.send({ outgoing: message('b'), purpose: 'reply' })]
    await clock.advance(100)
    await Promise.all(sends)
    end()
    expect(events.map(({ outgoing, purpose, outcome }) => [outgoing.envelope.id, purpose, outcome])).toEqual([
      ['a', 'message', 'confirmed'],
      ['b', 'reply', 'refused'],
      ['b', 'reply', 'confirmed'],
    ])
    expect(events[0]).toMatchObject({ bus: 'orders', instanceId: 'one' })
  })

  it('dies before the call at before-send, and after the answer at after-send', async () => {
    for (const [name, calls] of [['before-send', 0], ['after-send', 1]] as const) {
      const { guard, transport, clock } = await connected(confirm)
      const { reached } = crashAt(name, { instanceId: 'one' })
      const send = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message' }))
      await reached
      await clock.settle()
      expect(transport.calls).toHaveLength(calls)
      expect(send.state).toBe('pending')
    }
  })
})
