import { describe, expect, it } from 'vitest'
import type { SupervisedWork } from '../contract/index.js'
import { outcomeOf } from '../../test/guarded.js'
import { recordingLogger } from '../../test/recording-logger.js'
import { createSupervisors } from './supervisor.js'
import { virtualClock } from './virtual-clock.js'

interface Attempt {
  readonly atMs: number
  opens(): void
  fails(cause: unknown): void
  lost(cause?: unknown): void
}

/** Work whose openings the test decides, and which counts what is open. */
function setUp(init: { readonly random?: () => number; readonly stallMs?: number; readonly close?: () => Promise<void> } = {}) {
  const clock = virtualClock()
  const logger = recordingLogger()
  const supervisors = createSupervisors({ clock, logger, random: init.random ?? (() => 0) })
  const attempts: Attempt[] = []
  const state = { open: 0, closes: 0 }
  const work: SupervisedWork = {
    name: 'the connection',
    ...(init.stallMs === undefined ? {} : { stallMs: init.stallMs }),
    open(lost) {
      const { promise, resolve, reject } = Promise.withResolvers<() => Promise<void>>()
      attempts.push({
        atMs: clock.now(),
        opens() {
          state.open += 1
          resolve(async () => {
            state.closes += 1
            await init.close?.()
            state.open -= 1
          })
        },
        fails: reject,
        lost(cause = new Error('reset by peer')) {
          state.open -= 1
          lost(cause)
        },
      })
      return promise
    },
  }
  const last = (): Attempt => attempts.at(-1) as Attempt
  return { clock, logger, supervisors, attempts, state, work, last }
}

describe('opening', () => {
  it('is ready with the first successful open, and says nothing about it', async () => {
    const { supervisors, work, last, logger, clock } = setUp()
    const supervisor = supervisors.supervise(work)
    const ready = outcomeOf(supervisor.ready)
    await clock.settle()
    expect([ready.state, supervisors.status()]).toEqual(['pending', [{ name: 'the connection', state: 'opening', sinceMs: clock.now() }]])
    last().opens()
    await clock.settle()
    expect([ready.state, supervisors.status()[0]?.state]).toEqual(['resolved', 'open'])
    expect(logger.lines).toEqual([])
  })

  it('tries again after 100 ms that double to 30 s, and warns once', async () => {
    const { supervisors, work, last, attempts, clock, logger } = setUp()
    const { ready } = supervisors.supervise(work)
    for (let count = 0; count < 12; count += 1) {
      last().fails(new Error('refused'))
      await clock.settle()
      await clock.advance((clock.waiting.next ?? 0) - clock.now())
    }
    const waits = attempts.slice(1).map(({ atMs }, index) => atMs - (attempts[index] as Attempt).atMs)
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000])
    last().opens()
    await ready
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
    expect(logger.of('warn')[0]).toContain('the connection cannot be opened: refused')
  })

  it('adds a jitter of up to half, and never takes any away', async () => {
    const { supervisors, work, last, attempts, clock } = setUp({ random: () => 0.999 })
    supervisors.supervise(work)
    last().fails(new Error('refused'))
    await clock.advance(149)
    expect(attempts[1]?.atMs).toBe((attempts[0] as Attempt).atMs + 149)
  })

  it('gives up for a cause that trying again cannot mend, and rejects with it', async () => {
    const { supervisors, work, last, attempts, clock, logger } = setUp()
    const { ready } = supervisors.supervise(work)
    const cause = Object.assign(new Error('wrong password'), { retryable: false })
    last().fails(cause)
    await expect(ready).rejects.toBe(cause)
    await clock.advance(120_000)
    expect(attempts).toHaveLength(1)
    expect(supervisors.status()).toMatchObject([{ state: 'failed', cause }])
    expect(logger.lines).toEqual([])
  })

  it('takes an open that throws for one that rejects', async () => {
    const { supervisors, clock, logger } = setUp()
    supervisors.supervise({
      name: 'a mistake',
      open: () => {
        throw new Error('at once')
      },
    })
    await clock.settle()
    expect(supervisors.status()).toMatchObject([{ state: 'down' }])
    expect(logger.of('warn')).toHaveLength(1)
  })
})

describe('a loss', () => {
  it('opens again, warns once per outage, and tells the gap when it is back', async () => {
    const { supervisors, work, last, attempts, clock, logger, state } = setUp()
    await openFirst()
    await clock.advance(60_000)
    const lostAt = clock.now()
    last().lost()
    await clock.settle()
    expect(supervisors.status()).toMatchObject([{ state: 'down', sinceMs: lostAt, cause: { message: 'reset by peer' } }])
    await clock.advance(100)
    last().fails(new Error('refused'))
    await clock.advance(200)
    expect(supervisors.status()).toMatchObject([{ state: 'down', sinceMs: lostAt }])
    last().opens()
    await clock.settle()
    expect(attempts).toHaveLength(3)
    expect(state.open).toBe(1)
    expect(logger.of('warn')).toEqual(['the connection is lost: reset by peer. It is tried again until it is open'])
    expect(logger.lines.at(-1)).toEqual({ level: 'info', fields: { work: 'the connection', downMs: 300 }, message: 'the connection is open again' })

    async function openFirst(): Promise<void> {
      const { ready } = supervisors.supervise(work)
      last().opens()
      await ready
    }
  })

  it('counts once, however often and late it is told', async () => {
    const { supervisors, work, last, attempts, clock, logger } = setUp()
    supervisors.supervise(work)
    const first = last()
    first.opens()
    await clock.settle()
    first.lost()
    first.lost()
    await clock.advance(100)
    last().opens()
    await clock.settle()
    first.lost()
    await clock.advance(60_000)
    expect(attempts).toHaveLength(2)
    expect(logger.of('warn')).toHaveLength(1)
  })

  it('while it opens closes what opened all the same, and opens again', async () => {
    const { supervisors, work, last, attempts, clock, state } = setUp()
    const supervisor = supervisors.supervise(work)
    const ready = outcomeOf(supervisor.ready)
    const { lost, opens } = last()
    lost()
    state.open += 1
    opens()
    await clock.settle()
    expect([state.open, state.closes, ready.state]).toEqual([0, 1, 'pending'])
    await clock.advance(100)
    expect(attempts).toHaveLength(2)
  })

  it('goes on with longer waits when what was opened does not last, and with short ones when it did', async () => {
    const { supervisors, work, last, attempts, clock } = setUp()
    supervisors.supervise(work)
    const waits: number[] = []
    for (const lastsMs of [0, 0, 0, 10_000, 0]) {
      last().opens()
      await clock.advance(lastsMs)
      const lostAt = clock.now()
      last().lost()
      await clock.advance((clock.waiting.next ?? 0) - clock.now())
      waits.push((attempts.at(-1) as Attempt).atMs - lostAt)
    }
    expect(waits).toEqual([100, 200, 400, 100, 200])
  })

  it('is opened again even when the loss says that it cannot be: only a failed open ends it, with an error', async () => {
    const { supervisors, work, last, attempts, clock, logger } = setUp()
    const supervisor = supervisors.supervise(work)
    last().opens()
    await supervisor.ready
    const cause = Object.assign(new Error('access revoked'), { retryable: false })
    last().lost(cause)
    await clock.advance(100)
    expect(attempts).toHaveLength(2)
    last().fails(cause)
    await clock.advance(60_000)
    expect(attempts).toHaveLength(2)
    expect(supervisors.status()).toMatchObject([{ state: 'failed' }])
    expect(logger.of('error')[0]).toContain('the connection cannot be opened again: access revoked')
  })
})

describe('the watchdog', () => {
  it('closes and opens again what makes no progress', async () => {
    const { supervisors, work, last, attempts, clock, logger, state } = setUp({ stallMs: 1_000 })
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
    const { supervisors, work, last, attempts, clock } = setUp({ stallMs: 1_000, close: () => new Promise(() => undefined) })
    supervisors.supervise(work)
    last().opens()
    await clock.advance(1_000)
    await clock.advance(10_100)
    expect(attempts).toHaveLength(2)
  })
})

describe('stop', () => {
  it('closes what is open, once, and opens nothing any more', async () => {
    const { supervisors, work, last, attempts, clock, state } = setUp({ stallMs: 1_000 })
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
    const { supervisors, work, last, clock, state } = setUp()
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
    const { supervisors, work, last, clock, state } = setUp()
    const stop = outcomeOf(supervisors.supervise(work).stop())
    await clock.advance(10_000)
    expect(stop.state).toBe('resolved')
    last().opens()
    await clock.settle()
    expect(state).toEqual({ open: 0, closes: 1 })
  })

  it('ends the wait for the next attempt', async () => {
    const { supervisors, work, last, attempts, clock } = setUp()
    const supervisor = supervisors.supervise(work)
    last().fails(new Error('refused'))
    await clock.settle()
    await supervisor.stop()
    await clock.advance(60_000)
    expect(attempts).toHaveLength(1)
    expect(clock.waiting.count).toBe(0)
  })

  it('takes a close that fails for done', async () => {
    const { supervisors, work, last, clock, logger } = setUp({ close: () => Promise.reject(new Error('half open')) })
    const supervisor = supervisors.supervise(work)
    last().opens()
    await clock.settle()
    await supervisor.stop()
    expect(logger.of('debug')).toHaveLength(1)
  })

  it('stops all', async () => {
    const { supervisors, clock } = setUp()
    const closed: string[] = []
    for (const name of ['connection', 'channel']) supervisors.supervise({ name, open: () => Promise.resolve(() => Promise.resolve(void closed.push(name))) })
    await clock.settle()
    expect(supervisors.status().map(({ name, state }) => [name, state])).toEqual([['connection', 'open'], ['channel', 'open']])
    await supervisors.stopAll()
    expect(closed).toEqual(['channel', 'connection'])
    expect(supervisors.status()).toEqual([])
  })
})
