import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../contract/index.js'
import { SendError } from '../errors/index.js'
import { connected, message, outcomeOf } from '../../test/guarded.js'
import { refused } from '../../test/scripted-transport.js'
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
    await Promise.all(
      ['a1 A', 'a2 A', 'a3 A', 'b1 B', 'free', 'b2 B'].map((text) =>
        guard.send({ outgoing: message(text, text === 'free' ? {} : { key: text.slice(-1) }), purpose: 'message' }),
      ),
    )
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

  it('goes on when a transport never answers: calls that are given up make room for others', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } })
    const hung = Array.from({ length: 64 }, (_, index) => outcomeOf(guard.send({ outgoing: message(`hung ${index}`), purpose: 'message', timeoutMs: 1_000 })))
    await clock.advance(2_000)
    expect(hung.every(({ error }) => error instanceof SendError)).toBe(true)
    const next = outcomeOf(guard.send({ outgoing: message('next'), purpose: 'message' }))
    await clock.settle()
    expect(transport.last.ids).toEqual(['next'])
    transport.last.confirm()
    for (const call of transport.calls) call.confirm()
    await clock.settle()
    expect(next.state).toBe('resolved')
    for (let index = 0; index < 70; index += 1) void guard.send({ outgoing: message(`more ${index}`), purpose: 'message' }).catch(() => undefined)
    await clock.settle()
    expect(transport.calls).toHaveLength(65 + 64)
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
    for (const [name, calls] of [
      ['before-send', 0],
      ['after-send', 1],
    ] as const) {
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
