import { describe, expect, it } from 'vitest'
import type { SendError } from '../errors/index.js'
import { connected, message, outcomeOf } from '../../test/guarded.js'
import { refused, unknown } from '../../test/scripted-transport.js'

describe('failures', () => {
  it('rejects the failed entry alone, and the others are sent', async () => {
    const cause = new Error('no such queue')
    const { guard } = await connected({ answer: () => [refused(1, { retryable: false, cause })] })
    const [a, b, c] = await Promise.allSettled(['a', 'b', 'c'].map((id) => guard.send({ outgoing: message(id), purpose: 'message' })))
    expect(a?.status).toBe('fulfilled')
    expect(c?.status).toBe('fulfilled')
    expect(b).toMatchObject({
      status: 'rejected',
      reason: { code: 'WAYBILL_SEND', failures: [{ type: 'orders.place-order', id: 'b', outcome: 'refused', retryable: false, cause }] },
    })
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
    expect(sends.map(({ error }) => (error as SendError).failures)).toMatchObject([
      [{ id: 'a', outcome: 'unknown', cause }],
      [{ id: 'b', outcome: 'unknown', cause }],
    ])
  })

  it('sends a copy whose call is never answered in its place again, before what waits behind it', async () => {
    const { guard, transport, clock } = await connected()
    const copy = (id: string, timeoutMs?: number) => guard.sendUntilTaken({ outgoing: message(id, { key: 'K' }), purpose: 'retry', timeoutMs })
    const sends = [copy('a'), copy('b', 200)].map(outcomeOf)
    await clock.settle()
    sends.push(outcomeOf(copy('c')))
    await clock.advance(40_000)
    expect(transport.sent).toEqual([['a', 'b']])
    // At last: nobody counts on it any more.
    transport.last.answer([unknown(0), unknown(1)])
    await clock.settle()
    expect(transport.sent).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ])
    transport.last.confirm()
    await clock.settle()
    expect(sends.map(({ state }) => state)).toEqual(['resolved', 'resolved', 'resolved'])
  })

  it('settles every message of a call, whatever the transport rejects with', async () => {
    const { guard, transport, clock } = await connected()
    const sends = ['a', 'b'].map((id) => outcomeOf(guard.send({ outgoing: message(id), purpose: 'message' })))
    await clock.settle()
    transport.last.reject(Object.create(null))
    await clock.settle()
    expect(sends.map(({ error }) => (error as SendError).failures[0]?.outcome)).toEqual(['unknown', 'unknown'])
    expect(guard.pending).toEqual({ messages: 0, bytes: 0 })
  })

  it.each([
    ['an index that is not in the call', [refused(7)]],
    ['an index that is no number', [{ ...refused(0), index: 'constructor' as unknown as number }]],
    ['an index between two messages', [refused(0.5)]],
    ['no list', undefined as unknown as []],
  ])('confirms nothing for an answer with %s', async (_, answer) => {
    const { guard } = await connected({ answer: () => answer })
    await expect(guard.send({ outgoing: message('a'), purpose: 'message' })).rejects.toMatchObject({ failures: [{ outcome: 'unknown' }] })
  })
})
