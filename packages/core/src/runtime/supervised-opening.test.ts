import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../test/guarded.js'
import { supervised, type Attempt } from '../../test/supervised.js'

describe('opening', () => {
  it('is ready with the first successful open, and says nothing about it', async () => {
    const { supervisors, work, last, logger, clock } = supervised()
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
    const { supervisors, work, last, attempts, clock, logger } = supervised()
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
    const { supervisors, work, last, attempts, clock } = supervised({ random: () => 0.999 })
    supervisors.supervise(work)
    last().fails(new Error('refused'))
    await clock.advance(149)
    expect(attempts[1]?.atMs).toBe((attempts[0] as Attempt).atMs + 149)
  })

  it('tries again whatever the cause is', async () => {
    const { supervisors, work, last, clock, logger, attempts } = supervised()
    const { ready } = supervisors.supervise(work)
    last().fails(Object.create(null))
    await clock.advance(100)
    expect(attempts).toHaveLength(2)
    last().opens()
    await ready
    expect(logger.of('warn')).toEqual(['the connection cannot be opened: an object. It is tried again until it is open'])
  })

  it('gives up for a cause that trying again cannot mend, and rejects with it', async () => {
    const { supervisors, work, last, attempts, clock, logger } = supervised()
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
    const { supervisors, clock, logger } = supervised()
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
    const { supervisors, work, last, attempts, clock, logger, state } = supervised()
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
    const { supervisors, work, last, attempts, clock, logger } = supervised()
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
    const { supervisors, work, last, attempts, clock, state } = supervised()
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
    const { supervisors, work, last, attempts, clock } = supervised()
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
    const { supervisors, work, last, attempts, clock, logger } = supervised()
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
