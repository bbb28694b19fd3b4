import { describe, expect, it } from 'vitest'
import { connected, message, outcomeOf } from '../../test/guarded.js'
import { refused, unknown } from '../../test/scripted-transport.js'

describe('until taken', () => {
  it('goes on over its time-out, over unknown outcomes and over a transport that does not answer, in its place for its key', async () => {
    const { guard, transport, clock } = await connected()
    const held = outcomeOf(guard.sendUntilTaken({ outgoing: message('a', { key: 'K' }), purpose: 'message' }))
    await clock.settle()
    const later = outcomeOf(guard.sendUntilTaken({ outgoing: message('b', { key: 'K' }), purpose: 'message' }))
    transport.last.answer([unknown(0)])
    await clock.advance(100)
    expect(transport.last.ids).toEqual(['a', 'b'])
    transport.last.signal.addEventListener('abort', () => transport.calls[1]?.answer([refused(0), refused(1)]))
    await clock.advance(40_000)
    expect(held.state).toBe('pending')
    expect(transport.last.ids).toEqual(['a', 'b'])
    transport.last.confirm()
    await clock.settle()
    expect([held.state, later.state]).toEqual(['resolved', 'resolved'])
  })

  it('believes a late confirmation, and does nothing for any other late answer', async () => {
    const { guard, transport, clock } = await connected()
    const sends = ['a', 'b'].map((id) => outcomeOf(guard.sendUntilTaken({ outgoing: message(id), purpose: 'message' })))
    await clock.advance(32_000)
    expect(transport.sent).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    transport.calls[0]?.answer([refused(1)])
    await clock.settle()
    expect(sends.map(({ state }) => state)).toEqual(['resolved', 'pending'])
    transport.last.answer([refused(0, { retryable: false })])
    await clock.settle()
    expect(sends.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    expect(guard.pending).toEqual({ messages: 0, bytes: 0 })
    await clock.advance(60_000)
    expect(transport.calls).toHaveLength(2)
  })

  it('sends a copy of what the transport never answered', async () => {
    const { guard, transport, clock } = await connected()
    const held = outcomeOf(guard.sendUntilTaken({ outgoing: message('a'), purpose: 'message' }))
    await clock.advance(32_000)
    expect(transport.sent).toEqual([['a'], ['a']])
    transport.last.confirm()
    await clock.settle()
    expect(held.state).toBe('resolved')
  })

  it('ends when it is refused for good, and when its signal gives up', async () => {
    const { guard, transport, clock } = await connected()
    const lost = new AbortController()
    const sends = [
      guard.sendUntilTaken({ outgoing: message('a'), purpose: 'message' }),
      guard.sendUntilTaken({ outgoing: message('b'), purpose: 'reply', signal: lost.signal }),
    ].map(outcomeOf)
    await clock.settle()
    transport.last.answer([refused(0, { retryable: false }), refused(1)])
    await clock.settle()
    expect(sends[0]?.error).toMatchObject({ failures: [{ outcome: 'refused', retryable: false }] })
    lost.abort()
    await clock.settle()
    expect(sends[1]?.error).toMatchObject({ code: 'WAYBILL_ABORTED' })
  })

  it('tells of trouble once, until one is confirmed or none that failed is left', async () => {
    const told: string[] = []
    const { guard, transport, clock } = await connected({}, { trouble: (what) => void told.push(what) })
    const lost = new AbortController()
    void guard.send({ outgoing: message('user'), purpose: 'message' }).catch(() => undefined)
    void guard.sendUntilTaken({ outgoing: message('a'), purpose: 'message' })
    guard.sendUntilTaken({ outgoing: message('b'), purpose: 'retry', signal: lost.signal }).catch(() => undefined)
    await clock.settle()
    transport.last.answer([refused(0), refused(1), refused(2)])
    await clock.settle()
    expect(told).toEqual(['begins'])
    await clock.advance(100)
    transport.last.answer([refused(2)])
    await clock.settle()
    expect(told).toEqual(['begins', 'ends', 'begins'])
    lost.abort()
    await clock.settle()
    expect(told).toEqual(['begins', 'ends', 'begins', 'ends'])
  })
})
