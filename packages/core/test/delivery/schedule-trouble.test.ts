import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, handle } from '../../src/index.js'
import { Note } from '../support/service.js'
import { troubled } from '../support/troubled-schedule.js'

const delayed = { id: 'chosen', delay: '1h' } as const

class Step extends Command('shop.step', z.object({ key: z.string(), n: z.int() }), { key: 'key' }) {}

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

  it.each(['here', 'elsewhere'] as const)('is no trouble any more when it is cancelled %s', async (where) => {
    const { w, bus, schedule } = await troubled()
    await bus.send(new Note({ id: 'n' }), { ...delayed, cancelable: true })
    w.broker.failSends({ times: 1_000, retryable: false })
    await w.clock.advance(2 * 3_600_000)
    expect(bus.health()).toMatchObject({ status: 'degraded', schedule: { refused: 1 } })
    if (where === 'here') await bus.cancel('chosen')
    else {
      await schedule.cancel('shop', 'chosen', w.clock.now())
      await w.clock.advance(1_200_000)
    }
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

describe('a broker that takes nothing for a while', () => {
  it('gets the messages of a key in the order of their times, however they were claimed', async () => {
    const steps: number[] = []
    const { w, bus } = await troubled({ handlers: [handle(Step, ({ n }) => void steps.push(n))] })
    for (let n = 0; n < 8; n += 1) await bus.send(new Step({ key: 'k', n }), { delay: `${60 + 5 * n}s` })
    await w.clock.advance(59_000)
    const end = w.broker.failSends({ times: 1_000_000, retryable: true })
    await w.clock.advance(38_000)
    end()
    await w.clock.advance(600_000)
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
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
