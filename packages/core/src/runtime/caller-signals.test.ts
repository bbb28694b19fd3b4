import { describe, expect, it } from 'vitest'
import { connected, message, outcomeOf } from '../../test/guarded.js'

describe('the signal of a caller', () => {
  it('removes a message that has not left: nothing is sent', async () => {
    const { guard, transport, clock } = await connected({ answer: () => [] })
    const caller = new AbortController()
    const sends = [
      guard.send({ outgoing: message('a'), purpose: 'message', signal: caller.signal }),
      guard.send({ outgoing: message('b'), purpose: 'message' }),
    ].map(outcomeOf)
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
    const sends = [
      guard.send({ outgoing: message('a'), purpose: 'message', signal: caller.signal }),
      guard.send({ outgoing: message('b'), purpose: 'message' }),
    ].map(outcomeOf)
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
    await expect(guard.send({ outgoing: message('a'), purpose: 'message', signal: AbortSignal.abort('no') })).rejects.toMatchObject({
      code: 'WAYBILL_ABORTED',
      cause: 'no',
    })
    expect(transport.calls).toHaveLength(0)
  })
})
