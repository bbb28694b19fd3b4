import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../test/guarded.js'
import { supervised } from '../../test/supervised.js'

describe('the watchdog', () => {
  it('closes and opens again what makes no progress', async () => {
    const { supervisors, work, last, attempts, clock, logger, state } = supervised({ stallMs: 1_000 })
    const supervisor = supervisors.supervise(work)
    last().opens()
    await clock.advance(900)
    supervisor.progress()
    await clock.advance(999)
    expect(state.closes).toBe(0)
    await clock.advance(1)
    expect(state.closes).toBe(1)
    expect(logger.of('warn')).toEqual(['the connection is lost: no progress for 1000 ms. It is tried again until it is open'])
    await clock.advance(100)
    last().opens()
    await clock.advance(500)
    expect([attempts.length, state.open]).toEqual([2, 1])
  })

  it('does not wait for ever for a close that hangs', async () => {
    const { supervisors, work, last, attempts, clock } = supervised({ stallMs: 1_000, close: () => new Promise(() => undefined) })
    supervisors.supervise(work)
    last().opens()
    await clock.advance(1_000)
    await clock.advance(10_100)
    expect(attempts).toHaveLength(2)
  })
})

describe('stop', () => {
  it('closes what is open, once, and opens nothing any more', async () => {
    const { supervisors, work, last, attempts, clock, state } = supervised({ stallMs: 1_000 })
    const supervisor = supervisors.supervise(work)
    last().opens()
    await clock.settle()
    const stop = supervisor.stop()
    expect(supervisor.stop()).toBe(stop)
    await stop
    expect([state.open, state.closes]).toEqual([0, 1])
    expect(supervisors.status()).toEqual([])
    await clock.advance(60_000)
    expect(attempts).toHaveLength(1)
    expect(clock.waiting.count).toBe(0)
  })

  it('while it opens waits for it and closes it; ready rejects', async () => {
    const { supervisors, work, last, clock, state } = supervised()
    const supervisor = supervisors.supervise(work)
    const stop = outcomeOf(supervisor.stop())
    await expect(supervisor.ready).rejects.toThrow('stopped before it was open')
    await clock.settle()
    expect(stop.state).toBe('pending')
    last().opens()
    await clock.settle()
    expect([stop.state, state.open, state.closes]).toEqual(['resolved', 0, 1])
  })

  it('does not wait for ever for an open that hangs, and still closes it when it comes', async () => {
    const { supervisors, work, last, clock, state } = supervised()
    const stop = outcomeOf(supervisors.supervise(work).stop())
    await clock.advance(10_000)
    expect(stop.state).toBe('resolved')
    last().opens()
    await clock.settle()
    expect(state).toEqual({ open: 0, closes: 1 })
  })

  it('ends the wait for the next attempt', async () => {
    const { supervisors, work, last, attempts, clock } = supervised()
    const supervisor = supervisors.supervise(work)
    last().fails(new Error('refused'))
    await clock.settle()
    await supervisor.stop()
    await clock.advance(60_000)
    expect(attempts).toHaveLength(1)
    expect(clock.waiting.count).toBe(0)
  })

  it('takes a close that fails for done', async () => {
    const { supervisors, work, last, clock, logger } = supervised({ close: () => Promise.reject(new Error('half open')) })
    const supervisor = supervisors.supervise(work)
    last().opens()
    await clock.settle()
    await supervisor.stop()
    expect(logger.of('debug')).toHaveLength(1)
  })

  it('stops all', async () => {
    const { supervisors, clock } = supervised()
    const closed: string[] = []
    for (const name of ['connection', 'channel']) supervisors.supervise({ name, open: () => Promise.resolve(() => Promise.resolve(void closed.push(name))) })
    await clock.settle()
    expect(supervisors.status().map(({ name, state }) => [name, state])).toEqual([
      ['connection', 'open'],
      ['channel', 'open'],
    ])
    await supervisors.stopAll()
    expect(closed).toEqual(['channel', 'connection'])
    expect(supervisors.status()).toEqual([])
  })
})
