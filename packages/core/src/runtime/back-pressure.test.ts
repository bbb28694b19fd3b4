import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../contract/index.js'
import { connected, message, outcomeOf } from '../../test/guarded.js'

const sizeOf = ({ envelope }: Outgoing): number => envelope.body?.byteLength ?? 0

describe('back-pressure', () => {
  it('lets calls beyond the room of users wait, in their order', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } }, { maxMessages: 4 })
    const sends = ['a', 'b', 'c', 'd', 'e'].map((id) => outcomeOf(guard.send({ outgoing: message(id), purpose: 'message' })))
    await clock.settle()
    expect(guard.pending.messages).toBe(3)
    expect(transport.sent.flat()).toEqual(['a', 'b', 'c'])
    transport.calls[1]?.confirm()
    await clock.settle()
    expect(transport.sent.flat()).toEqual(['a', 'b', 'c', 'd'])
    for (const call of transport.calls) call.confirm()
    await clock.settle()
    transport.last.confirm()
    await clock.settle()
    expect(sends.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'resolved'))
    expect(guard.pending).toEqual({ messages: 0, bytes: 0 })
  })

  it('keeps a quarter for the framework, and gives it room first', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } }, { maxMessages: 4 })
    for (const id of ['a', 'b', 'c', 'd']) void guard.send({ outgoing: message(id), purpose: 'message' }).catch(() => undefined)
    for (const id of ['copy 1', 'copy 2']) void guard.send({ outgoing: message(id), purpose: 'dead-letter' }).catch(() => undefined)
    await clock.settle()
    expect(transport.sent.flat()).toEqual(['a', 'b', 'c', 'copy 1'])
    transport.calls[0]?.confirm()
    await clock.settle()
    expect(transport.last.ids).toEqual(['copy 2'])
  })

  it('rejects with BackPressureError when no room came free within the time-out', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } }, { maxMessages: 4 })
    for (const id of ['a', 'b', 'c']) void guard.send({ outgoing: message(id), purpose: 'message', timeoutMs: 60_000 }).catch(() => undefined)
    const waits = outcomeOf(guard.send({ outgoing: message('d'), purpose: 'message', timeoutMs: 1_000 }))
    await clock.advance(999)
    expect(waits.state).toBe('pending')
    await clock.advance(51)
    expect(waits.error).toMatchObject({ code: 'WAYBILL_BACK_PRESSURE' })
    expect(String(waits.error)).toContain('3 messages')
    for (const call of transport.calls) call.confirm()
    await clock.settle()
    expect(transport.sent.flat()).toEqual(['a', 'b', 'c'])
  })

  it('rejects those without room as such, also when the room comes free by the same deadline', async () => {
    const { guard, clock } = await connected({ limits: { batchCount: 1 } }, { maxMessages: 4 })
    const sends = ['a', 'b', 'c', 'd', 'e'].map((id) => outcomeOf(guard.send({ outgoing: message(id), purpose: 'message' })))
    await clock.advance(32_000)
    expect(sends.map(({ error }) => (error as { code: string }).code)).toEqual([
      'WAYBILL_SEND',
      'WAYBILL_SEND',
      'WAYBILL_SEND',
      'WAYBILL_BACK_PRESSURE',
      'WAYBILL_BACK_PRESSURE',
    ])
  })

  it('counts bytes, and takes a message that is larger than the room when nothing else is pending', async () => {
    const { guard, transport, clock } = await connected({ sizeOf, limits: { batchCount: 1 } }, { maxBytes: 100 })
    for (const [id, bytes] of [
      ['a', 90],
      ['b', 50],
      ['c', 25],
    ] as const)
      void guard.send({ outgoing: message(id, { bytes }), purpose: 'message' }).catch(() => undefined)
    await clock.settle()
    expect(transport.sent.flat()).toEqual(['a'])
    expect(guard.pending).toEqual({ messages: 1, bytes: 90 })
    transport.last.confirm()
    await clock.settle()
    expect(transport.sent.flat()).toEqual(['a', 'b', 'c'])
    expect(guard.pending).toEqual({ messages: 2, bytes: 75 })
  })

  it('gives the turn of a caller who leaves to the next', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } }, { maxMessages: 1 })
    void guard.send({ outgoing: message('a'), purpose: 'message' }).catch(() => undefined)
    const caller = new AbortController()
    const left = outcomeOf(guard.send({ outgoing: message('b'), purpose: 'message', signal: caller.signal }))
    void guard.send({ outgoing: message('c'), purpose: 'message' }).catch(() => undefined)
    await clock.settle()
    caller.abort()
    transport.last.confirm()
    await clock.settle()
    expect(left.error).toMatchObject({ code: 'WAYBILL_ABORTED' })
    expect(transport.sent).toEqual([['a'], ['c']])
  })

  it('warns once when calls begin to wait, and says when they do not any more', async () => {
    const { guard, clock, logger, transport } = await connected({ limits: { batchCount: 1 } }, { maxMessages: 4 })
    for (let count = 0; count < 9; count += 1) void guard.send({ outgoing: message(String(count)), purpose: 'message' }).catch(() => undefined)
    await clock.settle()
    expect(logger.of('warn')).toHaveLength(1)
    for (let round = 0; round < 5; round += 1) {
      for (const call of transport.calls) call.confirm()
      await clock.settle()
    }
    expect(guard.pending.messages).toBe(0)
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  })
})
