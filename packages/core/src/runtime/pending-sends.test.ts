import { describe, expect, it } from 'vitest'
import { connected, message, outcomeOf } from '../../test/guarded.js'
import { refused } from '../../test/scripted-transport.js'

describe('drain and close', () => {
  it('drains when everything pending is settled', async () => {
    const { guard, transport, clock } = await connected()
    const sends = ['a', 'b'].map((id) => outcomeOf(guard.send({ outgoing: message(id), purpose: 'message' })))
    const drained = outcomeOf(guard.drain(new AbortController().signal))
    await clock.settle()
    transport.last.answer([refused(1)])
    await clock.settle()
    expect(drained.state).toBe('pending')
    await clock.advance(100)
    transport.last.confirm()
    await clock.settle()
    expect(drained.state).toBe('resolved')
    expect(sends.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    await guard.drain(new AbortController().signal)
  })

  it('stops draining when its signal aborts', async () => {
    const { guard, clock } = await connected()
    void guard.send({ outgoing: message('a'), purpose: 'message' }).catch(() => undefined)
    const grace = new AbortController()
    const drained = outcomeOf(guard.drain(grace.signal))
    await clock.settle()
    expect(drained.state).toBe('pending')
    grace.abort()
    await clock.settle()
    expect(drained.state).toBe('resolved')
  })

  it('rejects what is pending at close: refused if it never left, else unknown', async () => {
    const { guard, transport, clock } = await connected()
    const left = outcomeOf(guard.send({ outgoing: message('a', { key: 'K' }), purpose: 'message' }))
    await clock.settle()
    const waits = outcomeOf(guard.send({ outgoing: message('b', { key: 'K' }), purpose: 'message' }))
    await guard.close()
    await clock.settle()
    expect(left.error).toMatchObject({ failures: [{ outcome: 'unknown', cause: { code: 'WAYBILL_STOPPED' } }] })
    expect(waits.error).toMatchObject({ failures: [{ outcome: 'refused', cause: { code: 'WAYBILL_STOPPED' } }] })
    expect(transport.last.signal.aborted).toBe(true)
    expect(clock.waiting.count).toBe(0)
    expect(guard.pending).toEqual({ messages: 0, bytes: 0 })
  })

  it('does nothing for an answer that comes after close', async () => {
    const { guard, transport, clock } = await connected()
    void guard.send({ outgoing: message('a'), purpose: 'retry' }).catch(() => undefined)
    await clock.settle()
    await guard.close()
    transport.last.answer([refused(0)])
    await clock.advance(60_000)
    expect(transport.calls).toHaveLength(1)
    expect(clock.waiting.count).toBe(0)
  })
})
