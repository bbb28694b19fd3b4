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
    expect(send.error).toMatchObject({ code: 'WAYBILL_SEND', failures: [{ id: 'a', outcome: 'refused', retryable: true, cause: { code: 'WAYBILL_PUBLISH_TIMEOUT' } }] })
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

describe('the signal of a caller', () => {
  it('removes a message that has not left: nothing is sent', async () => {
    const { guard, transport, clock } = await connected({ answer: () => [] })
    const caller = new AbortController()
    const sends = [guard.send({ outgoing: message('a'), purpose: 'message', signal: caller.signal }), guard.send({ outgoing: message('b'), purpose: 'message' })].map(outcomeOf)
    caller.abort(new Error('changed my mind'))
    await clock.settle()
    expect(sends[0]?.error).toMatchObject({ code: 'WAYBILL_ABORTED', cause: { message: 'changed my mind' } })
    expect(sends[1]?.state).toBe('resolved')
    expect(transport.sent).toEqual([['b']])
  })

  it('removes a message of a key that waits, and the later ones follow', async () => {
    const { guard, transport, clock } = await connected()
    const caller = new AbortController()
    const send = (id: string, signal?: AbortSignal) => outcomeOf(guard.send({ outgoing: message(id, { key: 'K' }), purpose: 'message', signal }))
    send('a')
    await clock.settle()
    const aborted = send('b', caller.signal)
    const last = send('c')
    caller.abort()
    transport.last.confirm()
    await clock.settle()
    expect(aborted.error).toMatchObject({ code: 'WAYBILL_ABORTED' })
    expect(transport.sent).toEqual([['a'], ['c']])
    transport.last.confirm()
    await clock.settle()
    expect(last.state).toBe('resolved')
  })

  it('rejects as unknown what has left, while the others of the call go on', async () => {
    const { guard, transport, clock } = await connected()
    const caller = new AbortController()
    const sends = [guard.send({ outgoing: message('a'), purpose: 'message', signal: caller.signal }), guard.send({ outgoing: message('b'), purpose: 'message' })].map(outcomeOf)
    await clock.settle()
    caller.abort()
    await clock.settle()
    expect(sends[0]?.error).toMatchObject({ failures: [{ id: 'a', outcome: 'unknown', cause: { code: 'WAYBILL_ABORTED' } }] })
    expect(transport.last.signal.aborted).toBe(false)
    transport.last.confirm()
    await clock.settle()
    expect(sends[1]?.state).toBe('resolved')
  })

  it('aborts the call when all its callers are gone', async () => {
    const { guard, transport, clock } = await connected()
    const callers = [new AbortController(), new AbortController()]
    for (const { signal } of callers) guard.send({ outgoing: message('a'), purpose: 'message', signal }).catch(() => undefined)
    await clock.settle()
    callers[0]?.abort()
    expect(transport.last.signal.aborted).toBe(false)
    callers[1]?.abort()
    expect(transport.last.signal.aborted).toBe(true)
  })

  it('does not abort a call that has ended', async () => {
    const { guard, transport } = await connected({ answer: () => [] })
    const caller = new AbortController()
    await guard.send({ outgoing: message('a'), purpose: 'message', signal: caller.signal })
    caller.abort()
    expect(transport.last.signal.aborted).toBe(false)
  })

  it('refuses at once what is aborted already', async () => {
    const { guard, transport } = await connected({ answer: () => [] })
    await expect(guard.send({ outgoing: message('a'), purpose: 'message', signal: AbortSignal.abort('no') })).rejects.toMatchObject({ code: 'WAYBILL_ABORTED', cause: 'no' })
    expect(transport.calls).toHaveLength(0)
  })
})

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
    const sends = [guard.sendUntilTaken({ outgoing: message('a'), purpose: 'message' }), guard.sendUntilTaken({ outgoing: message('b'), purpose: 'reply', signal: lost.signal })].map(outcomeOf)
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
