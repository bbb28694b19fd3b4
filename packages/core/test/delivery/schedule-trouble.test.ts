import { describe, expect, it } from 'vitest'
import { handle } from '../../src/index.js'
import type { ScheduleStore } from '../../src/contract/index.js'
import { memory, memorySchedule } from '../../src/memory/index.js'
import { Note, Place, world } from '../support/service.js'

/** A store that a test takes down: calls are rejected, or never answered. */
function fallible() {
  const schedule = memorySchedule()
  const faults = { down: undefined as 'rejects' | 'is silent' | 'has done it' | undefined, cause: new Error('connection refused'), calls: 0 }
  const through =
    <A extends unknown[], T>(call: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      faults.calls += 1
      switch (faults.down) {
        case undefined:
          return call(...given)
        case 'has done it':
          await call(...given)
          throw faults.cause
        case 'rejects':
          throw faults.cause
        case 'is silent':
          return new Promise<never>(() => undefined)
      }
    }
  const store: ScheduleStore = {
    durability: 'process',
    watch: (changed) => schedule.watch(changed),
    add: through((...given: Parameters<ScheduleStore['add']>) => schedule.add(...given)),
    claim: through((...given: Parameters<ScheduleStore['claim']>) => schedule.claim(...given)),
    sent: through((...given: Parameters<ScheduleStore['sent']>) => schedule.sent(...given)),
    giveBack: through((...given: Parameters<ScheduleStore['giveBack']>) => schedule.giveBack(...given)),
    cancel: through((...given: Parameters<ScheduleStore['cancel']>) => schedule.cancel(...given)),
  }
  return { schedule, faults, store }
}

async function troubled(options: Parameters<ReturnType<typeof world>['bus']>[0] = {}) {
  const w = world()
  const { schedule, faults, store } = fallible()
  const arrived: string[] = []
  const all = {
    transport: memory({ broker: w.broker, capabilities: { delay: 'none' } }),
    stores: { schedule: store },
    handlers: [
      handle(Note, ({ id }) => void arrived.push(id)),
      handle(Place, async ({ id }, context) => {
        await context.send(new Note({ id }), { delay: '1m' })
        return { total: 1 }
      }),
    ],
    ...options,
  }
  const bus = await w.bus(all)
  const told = (level: string): string[] => w.log.filter((line) => line.level === level).map(({ message }) => message)
  return { w, schedule, faults, arrived, bus, told, all }
}

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

  it('cannot say whether it has cancelled: the call rejects, and may be made again', async () => {
    const { bus, faults } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    faults.down = 'has done it'
    await expect(bus.cancel('chosen')).rejects.toMatchObject({ code: 'WAYBILL_SCHEDULE_STORE', retryable: true })
    faults.down = undefined
    expect(await bus.cancel('chosen')).toBe('cancelled')
  })
})

describe('what is due and refused for good', () => {
  it('stays in the store, is tried less and less often, and raises one alarm', async () => {
    const { w, bus, schedule, arrived, told } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    await bus.send(new Note({ id: 'other' }), { id: 'other', delay: '61m' })
    let refusals = 0
    const end = w.broker.failSends({ times: 1_000, retryable: false, where: ({ envelope }) => envelope.id === 'chosen', happened: () => void (refusals += 1) })
    await w.clock.advance(24 * 3_600_000)
    expect(arrived).toEqual(['other'])
    expect(refusals).toBeLessThan(200)
    expect(schedule.rows()).toMatchObject([{ id: 'chosen', state: 'waiting', failures: refusals }])
    expect(bus.health()).toMatchObject({ status: 'degraded', schedule: { refused: 1, sending: 0 } })
    const alarms = told('error')
    expect(alarms).toHaveLength(1)
    expect(alarms[0]).toContain('shop.note is due, and shop refuses it. It stays in the schedule store')
    end()
    await w.clock.advance(900_000)
    expect(arrived).toEqual(['other', 'n'])
    expect(bus.health()).toMatchObject({ status: 'ok', schedule: { refused: 0 } })
  })

  it('waits for its endpoint to exist', async () => {
    const { w, bus, arrived, all, told } = await troubled({ routes: { 'shop.note': 'later' }, handlers: [] })
    await bus.send(new Note({ id: 'n' }), delayed)
    await w.clock.advance(3_600_000)
    expect(told('error')).toMatchObject([expect.stringContaining('later refuses it')])
    await w.bus({ ...all, name: 'later', handlers: [handle(Note, ({ id }) => void arrived.push(id))] })
    await w.clock.advance(600_000)
    expect(arrived).toEqual(['n'])
  })
})

describe('a broker that is away when a message is due', () => {
  it('gets it when it is back, and nothing counts as refused', async () => {
    const { w, bus, schedule, arrived } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    w.broker.failConnections({ times: 1_000_000 })
    w.broker.cut()
    await w.clock.advance(2 * 3_600_000)
    expect(schedule.rows()).toMatchObject([{ failures: 0 }])
    expect(arrived).toEqual([])
  })
})

describe('a bus that stops', () => {
  it('finishes what it has claimed', async () => {
    const { w, bus, schedule } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    w.broker.holdSends()
    await w.clock.advance(3_600_000)
    expect(schedule.rows()).toMatchObject([{ state: 'claimed' }])
    const stopped = bus.stop()
    await w.clock.advance(1_000)
    w.broker.resumeSends()
    await w.clock.settle()
    await stopped
    expect(schedule.rows()).toEqual([])
    expect(w.broker.depth('shop').ready).toBe(1)
  })

  it('gives back at its deadline what does not leave, and leaves no timer', async () => {
    const { w, bus, schedule, arrived, all } = await troubled({ stopTimeout: '5s' })
    await bus.send(new Note({ id: 'n' }), delayed)
    await bus.send(new Note({ id: 'later' }), { id: 'later', delay: '2h' })
    w.broker.holdSends()
    await w.clock.advance(3_600_000)
    const stopped = bus.stop()
    await w.clock.advance(5_000)
    await stopped
    expect(schedule.rows()).toMatchObject([
      { id: 'chosen', state: 'waiting', failures: 0 },
      { id: 'later', state: 'waiting' },
    ])
    expect(w.clock.waiting.count).toBe(0)
    w.broker.resumeSends()
    await w.bus(all)
    await w.clock.settle()
    expect(arrived).toEqual(['n'])
  })

  it('leaves no timer when nothing is due', async () => {
    const { w, bus } = await troubled()
    await bus.send(new Note({ id: 'n' }), delayed)
    await bus.stop()
    expect(w.clock.waiting.count).toBe(0)
  })

  it('says what it sent and could not tell the store', async () => {
    const { w, bus, faults, told } = await troubled({ stopTimeout: '5s' })
    await bus.send(new Note({ id: 'n' }), delayed)
    w.broker.holdSends()
    await w.clock.advance(3_600_000)
    faults.down = 'is silent'
    w.broker.resumeSends()
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.advance(60_000)
    await stopped
    expect(told('warn').join()).toContain('1 due messages are sent, and the schedule store could not be told')
    expect(w.clock.waiting.count).toBe(0)
  })
})
