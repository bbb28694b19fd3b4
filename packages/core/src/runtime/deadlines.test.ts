import { describe, expect, it } from 'vitest'
import { connected, anyHost, guarded, message, outcomeOf } from '../../test/guarded.js'
import { refused, unknown } from '../../test/scripted-transport.js'

describe('deadlines', () => {
  it('rejects what was only refused as refused when its time is over, and names the last answer', async () => {
    const { guard, transport, clock } = await connected({ answer: () => [refused(0, { cause: new Error('disk alarm') })] })
    const send = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message' }))
    await clock.advance(29_999)
    expect(send.state).toBe('pending')
    await clock.advance(1_001)
    expect(transport.calls.length).toBeGreaterThan(5)
    expect(send.error).toMatchObject({
      code: 'WAYBILL_SEND',
      failures: [{ id: 'a', outcome: 'refused', retryable: true, cause: { code: 'WAYBILL_PUBLISH_TIMEOUT' } }],
    })
    expect(String(send.error)).toContain('disk alarm')
  })

  it('rejects nothing before its deadline while it connects, and then as refused', async () => {
    const { guard, clock } = guarded({ connect: () => new Promise(() => undefined) })
    void guard.connect(anyHost)
    const send = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message' }))
    await clock.advance(29_999)
    expect(send.state).toBe('pending')
    await clock.advance(1_001)
    expect(send.error).toMatchObject({ failures: [{ outcome: 'refused', cause: { code: 'WAYBILL_PUBLISH_TIMEOUT' } }] })
  })

  it('sends what has waited when the transport is connected', async () => {
    const connecting = Promise.withResolvers<void>()
    const { guard, transport, clock } = guarded({ connect: () => connecting.promise, answer: () => [] })
    void guard.connect(anyHost)
    const send = guard.send({ outgoing: message('a'), purpose: 'message' })
    await clock.advance(20_000)
    expect(transport.calls).toHaveLength(0)
    connecting.resolve()
    await send
    expect(transport.sent).toEqual([['a']])
  })

  it('aborts the call at the deadline of its messages and believes its answer', async () => {
    const { guard, transport, clock } = await connected()
    const sends = ['a', 'b', 'c'].map((id) => outcomeOf(guard.send({ outgoing: message(id), purpose: 'message' })))
    await clock.settle()
    const { signal, answer } = transport.last
    signal.addEventListener('abort', () => answer([refused(1), unknown(2, { cause: signal.reason })]))
    await clock.advance(31_000)
    expect(sends.map(({ state }) => state)).toEqual(['resolved', 'rejected', 'rejected'])
    expect(sends[1]?.error).toMatchObject({ failures: [{ outcome: 'refused', cause: { code: 'WAYBILL_PUBLISH_TIMEOUT' } }] })
    expect(sends[2]?.error).toMatchObject({ failures: [{ outcome: 'unknown', cause: { code: 'WAYBILL_PUBLISH_TIMEOUT' } }] })
    expect(String(sends[2]?.error)).not.toContain('last answer')
    expect(transport.calls).toHaveLength(1)
  })

  it('rejects as unknown what the transport does not answer at once after the deadline', async () => {
    const { guard, clock } = await connected()
    const send = outcomeOf(guard.send({ outgoing: message('a'), purpose: 'message' }))
    await clock.advance(30_000)
    await clock.advance(99)
    expect(send.state).toBe('pending')
    await clock.advance(1_000)
    expect(send.error).toMatchObject({ failures: [{ outcome: 'unknown', cause: { code: 'WAYBILL_PUBLISH_TIMEOUT' } }] })
  })

  it('rejects at its own deadline a message whose call goes on for others', async () => {
    const { guard, transport, clock } = await connected()
    const [short, long] = [1_000, 20_000].map((timeoutMs) => outcomeOf(guard.send({ outgoing: message(String(timeoutMs)), purpose: 'message', timeoutMs })))
    await clock.advance(1_050)
    expect(short?.error).toMatchObject({ failures: [{ outcome: 'unknown' }] })
    expect(transport.last.signal.aborted).toBe(false)
    transport.last.confirm()
    await clock.settle()
    expect(long?.state).toBe('resolved')
  })

  it('shares one signal and one timer among the calls of a second', async () => {
    const { guard, transport, clock } = await connected({ limits: { batchCount: 1 } })
    for (let count = 0; count < 20; count += 1) void guard.send({ outgoing: message(String(count)), purpose: 'message' }).catch(() => undefined)
    await clock.settle()
    expect(transport.calls).toHaveLength(20)
    expect(new Set(transport.calls.map(({ signal }) => signal)).size).toBe(1)
    expect(clock.waiting.count).toBe(1)
  })
})
