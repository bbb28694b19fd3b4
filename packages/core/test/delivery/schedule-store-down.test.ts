import { describe, expect, it } from 'vitest'
import { Note, Place } from '../support/service.js'
import { troubled } from '../support/troubled-schedule.js'

const delayed = { id: 'chosen', delay: '1h' } as const

describe('a schedule store that is down', () => {
  it('rejects a call honestly: the store may have it, and asking again is safe', async () => {
    const { w, bus, faults, schedule, arrived } = await troubled()
    faults.down = 'has done it'
    const error = await bus.send(new Note({ id: 'n' }), delayed).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'WAYBILL_SEND',
      failures: [{ type: 'shop.note', id: 'chosen', outcome: 'unknown', retryable: true, cause: { code: 'WAYBILL_SCHEDULE_STORE', retryable: true } }],
    })
    expect(String(error)).toContain('1 of 1 message was not taken by the schedule store')
    expect(String(error)).toContain('The schedule store failed to add a message: connection refused. Look at the store; asking again with the same id is safe')
    faults.down = undefined
    await bus.send(new Note({ id: 'n' }), delayed)
    expect(schedule.rows()).toHaveLength(1)
    await w.clock.advance(3_600_000)
    expect(arrived).toEqual(['n'])
  })

  it('rejects as refused what the store says it does not have', async () => {
    const { bus, faults } = await troubled()
    faults.down = 'rejects'
    faults.cause = Object.assign(new Error('row too large'), { outcome: 'refused', retryable: false, advice: 'Send less' })
    await expect(bus.send(new Note({ id: 'n' }), delayed)).rejects.toMatchObject({
      failures: [{ outcome: 'refused', retryable: false, cause: { message: expect.stringContaining('row too large. Send less') as string } }],
    })
  })

  it('rejects at the publish time-out what gets no answer', async () => {
    const { w, bus, faults } = await troubled({ publishTimeout: '10s' })
    faults.down = 'is silent'
    const left = bus.send(new Note({ id: 'n' }), delayed)
    await w.clock.settle()
    const queued = bus.send(new Note({ id: 'n' }), { ...delayed, id: 'queued' })
    const answers = Promise.allSettled([left, queued])
    await w.clock.advance(11_000)
    expect(await answers).toMatchObject([
      { reason: { failures: [{ id: 'chosen', outcome: 'unknown' }] } },
      { reason: { failures: [{ id: 'queued', outcome: 'refused' }] } },
    ])
  })

  it('rejects when the caller gives up, and says whether the store was asked', async () => {
    const { w, bus, faults, schedule } = await troubled()
    await expect(bus.send(new Note({ id: 'n' }), { ...delayed, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'WAYBILL_ABORTED' })
    faults.down = 'is silent'
    const leaving = new AbortController()
    const left = bus.send(new Note({ id: 'n' }), { ...delayed, signal: leaving.signal }).catch((error: unknown) => error)
    await w.clock.settle()
    leaving.abort()
    expect(await left).toMatchObject({ failures: [{ outcome: 'unknown', cause: { code: 'WAYBILL_ABORTED' } }] })
    expect(schedule.rows()).toEqual([])
  })

  it('is waited for by what a handler has delayed, while its delivery is held', async () => {
    const { w, bus, faults, arrived, schedule } = await troubled()
    faults.down = 'rejects'
    await bus.send(new Place({ id: 'p' }))
    await w.clock.advance(20_000)
    expect(w.broker.depth('shop').unsettled).toBe(1)
    expect(bus.health()).toMatchObject({ status: 'degraded', schedule: { store: 'down' }, endpoints: [{ paused: ['broker-trouble'] }] })
    faults.down = undefined
    await w.clock.advance(30_000)
    expect(bus.health()).toMatchObject({ status: 'ok', schedule: { store: 'open', adding: 0, sending: 0, refused: 0 }, endpoints: [{ paused: [] }] })
    expect(schedule.rows()).toHaveLength(1)
    await w.clock.advance(60_000)
    expect(arrived).toEqual(['p'])
  })

  it('makes a handler undeliverable when it refuses its message for good', async () => {
    const { w, bus, faults } = await troubled()
    faults.down = 'rejects'
    faults.cause = Object.assign(new Error('row too large'), { outcome: 'refused', retryable: false })
    await bus.send(new Place({ id: 'p' }))
    await w.clock.settle()
    expect(w.deadLetters()).toMatchObject([{ reason: 'undeliverable' }])
  })

  it('is warned of once, asked less and less often, and what was due meanwhile leaves when it answers', async () => {
    const { w, bus, faults, arrived, told } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    faults.down = 'rejects'
    faults.calls = 0
    await w.clock.advance(2 * 3_600_000)
    expect(told('warn').filter((text) => text.includes('schedule store'))).toHaveLength(1)
    expect(faults.calls).toBeLessThan(300)
    expect(arrived).toEqual([])
    faults.down = undefined
    await w.clock.advance(60_000)
    expect(arrived).toEqual(['n'])
    expect(told('info').filter((text) => text.includes('answers again'))).toHaveLength(1)
  })

  it('is told of what was sent until it hears it: nothing is sent again meanwhile', async () => {
    const { w, bus, faults, arrived, schedule } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    w.broker.holdSends()
    await w.clock.advance(3_600_000)
    faults.down = 'rejects'
    w.broker.resumeSends()
    await w.clock.advance(600_000)
    faults.down = undefined
    await w.clock.advance(600_000)
    expect(arrived).toEqual(['n'])
    expect(schedule.rows()).toEqual([])
  })

  it.each(['1h', '0ms'] as const)('loses nothing that is sent again under its id, %s later, before the note of the first was answered', async (delay) => {
    const { w, bus, faults, arrived, schedule } = await troubled()
    await bus.send(new Note({ id: 'first' }), { ...delayed, cancelable: true })
    w.broker.holdSends()
    await w.clock.advance(3_600_000)
    faults.down = 'has done it'
    w.broker.resumeSends()
    await w.clock.settle()
    faults.down = undefined
    await bus.send(new Note({ id: 'second' }), { id: 'chosen', delay, cancelable: true })
    await w.clock.advance(2 * 3_600_000)
    expect(arrived).toEqual(['first', 'second'])
    expect(schedule.rows()).toEqual([])
  })

  it('refuses one message for good, and not those that were added beside it', async () => {
    const { bus, schedule } = await troubled()
    const add = schedule.add.bind(schedule)
    schedule.add = async (name, messages, signal) => {
      if (messages.some(({ outgoing }) => outgoing.envelope.id === 'bad')) throw Object.assign(new Error('too large'), { outcome: 'refused', retryable: false })
      return add(name, messages, signal)
    }
    const ids = ['first', 'a', 'bad', 'b']
    const sent = await Promise.allSettled(ids.map((id) => bus.send(new Note({ id }), { id, delay: '1h' })))
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(schedule.rows().map(({ id }) => id)).toEqual(['first', 'a', 'b'])
  })

  it('is waited for by a stop: what was sent before reaches it', async () => {
    const { w, bus, schedule } = await troubled()
    const add = schedule.add.bind(schedule)
    schedule.add = async (...given) => {
      await new Promise<void>((resolve) => void w.clock.after(50, resolve))
      return add(...given)
    }
    const sent = bus.send(new Note({ id: 'n' }), delayed)
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.advance(50)
    await Promise.all([sent, stopped])
    expect(schedule.rows()).toMatchObject([{ id: 'chosen' }])
    expect(w.clock.waiting.count).toBe(0)
  })

  it('cannot say whether it has cancelled: the call rejects, and may be made again', async () => {
    const { bus, faults } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    faults.down = 'has done it'
    await expect(bus.cancel('chosen')).rejects.toMatchObject({ code: 'WAYBILL_SCHEDULE_STORE', retryable: true })
    faults.down = undefined
    expect(await bus.cancel('chosen')).toBe('cancelled')
  })
})
