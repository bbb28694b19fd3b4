import { describe, expect, it } from 'vitest'
import { deadLetter, handle, on, UnrecoverableError, when } from '../../src/index.js'
import { header, gate, Note, Placed, world } from '../support/service.js'

class GatewayTimeout extends Error {}
class CardDeclined extends UnrecoverableError {}

describe('recovery', () => {
  it('runs a handler again at once, then after each delay, with the attempts counted, and ends in one dead letter', async () => {
    const w = world()
    const attempts: { attempt: number; atMs: number }[] = []
    const start = w.clock.now()
    const handled = w.seen('handled')
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 1, delayed: ['10s', '1m'] } }, (_, { attempt }) => {
          attempts.push({ attempt, atMs: w.clock.now() - start })
          throw new GatewayTimeout('no answer')
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }), { id: 'n1', headers: { tenant: 'a' }, key: 'k' })
    await w.clock.advance(9_999)
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
    await w.clock.advance(3_600_000)
    expect(attempts).toEqual([
      { attempt: 1, atMs: 0 },
      { attempt: 2, atMs: 0 },
      { attempt: 3, atMs: 10_000 },
      { attempt: 4, atMs: 10_000 },
      { attempt: 5, atMs: 70_000 },
      { attempt: 6, atMs: 70_000 },
    ])
    expect(w.deadLetters()).toEqual([{ id: 'n1', reason: 'retries-exhausted', handler: 'shop.note', body: '{"id":"1"}' }])
    expect(handled.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [2, 'deferred'],
      [4, 'deferred'],
      [6, 'rejected'],
    ])
    const [letter] = w.broker.deadLetters('shop')
    expect(letter?.headers).toMatchObject({
      tenant: 'a',
      ce_partitionkey: 'k',
      ce_correlationid: 'n1',
      'waybill-dead-letter-attempts': '6',
      'waybill-dead-letter-error-message': 'no answer',
    })
  })

  it('never runs the siblings of a failing handler again, and their messages leave once', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      handlers: [
        on(Placed, { id: 'a' }, (_, context) => {
          runs.push('a')
          return context.send(new Note({ id: 'from a' }))
        }),
        on(Placed, { id: 'b', retry: { immediate: 1, delayed: ['1s'] } }, () => {
          runs.push('b')
          throw new Error('always')
        }),
        on(Placed, { id: 'c' }, () => void runs.push('c')),
        handle(Note, ({ id }) => void runs.push(id)),
      ],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.advance(60_000)
    expect(runs.toSorted()).toEqual(['a', 'b', 'b', 'b', 'b', 'c', 'from a'])
    expect(w.deadLetters()).toMatchObject([{ handler: 'b' }])
  })

  it('takes the most specific rule, and the nearest level that has one', async () => {
    const w = world()
    const runs: string[] = []
    const policy = when(GatewayTimeout).retryNow(3).lastly(deadLetter()).or(when(Error).retryNow(0))
    const bus = await w.bus({
      retry: { immediate: 5, delayed: [] },
      handlers: [
        on(Placed, { id: 'timeout', retry: policy }, () => {
          runs.push('timeout')
          throw new GatewayTimeout('t')
        }),
        on(Placed, { id: 'other', retry: policy }, () => {
          runs.push('other')
          throw new RangeError('r')
        }),
        on(Placed, { id: 'bus' }, () => {
          runs.push('bus')
          throw new Error('b')
        }),
        on(Placed, { id: 'hopeless' }, () => {
          runs.push('hopeless')
          throw new CardDeclined('no')
        }),
        on(Placed, { id: 'named', retry: when(CardDeclined).retryNow(1) }, () => {
          runs.push('named')
          throw new CardDeclined('no')
        }),
      ],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.advance(0)
    const count = (name: string): number => runs.filter((run) => run === name).length
    expect({ timeout: count('timeout'), other: count('other'), bus: count('bus'), hopeless: count('hopeless'), named: count('named') }).toEqual({
      timeout: 4,
      other: 1,
      bus: 6,
      hopeless: 1,
      named: 2,
    })
  })

  it('does nothing when the lock is lost: no attempt, no copy, no dead letter, and held messages are discarded', async () => {
    const w = world()
    const starts: number[] = []
    const signals: string[] = []
    const seen: string[] = []
    const waiting = gate()
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, async ({ id }, context) => {
          starts.push(context.attempt)
          await context.publish(new Placed({ id }))
          if (starts.length > 1) return
          context.signal.addEventListener('abort', () => signals.push((context.signal.reason as Error).message))
          await waiting.opened
          throw new Error('too late')
        }),
        on(Placed, { id: 'p' }, ({ id }) => void seen.push(id)),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    w.broker.cut()
    await w.clock.advance(60_000)
    expect(signals).toEqual(['lock-lost'])
    expect(starts).toEqual([1, 1])
    waiting.open()
    await w.clock.advance(60_000)
    expect(starts).toEqual([1, 1])
    expect(seen).toEqual(['1'])
    expect(w.deadLetters()).toEqual([])
  })

  it('does not count what fails because the bus stops: the message goes back', async () => {
    const w = world()
    const starts: number[] = []
    const handlers = [
      handle(Note, { retry: { immediate: 0, delayed: [] } }, async (_, { signal, attempt }) => {
        starts.push(attempt)
        if (starts.length > 1) return
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      }),
    ]
    const first = await w.bus({ handlers, stopTimeout: '1s' })
    await first.send(new Note({ id: '1' }), { id: 'n1' })
    await w.clock.settle()
    const stopped = first.stop()
    await w.clock.advance(1_000)
    expect(await stopped).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'n1' }] })
    await w.bus({ handlers })
    await w.clock.advance(1_000)
    expect(starts).toEqual([1, 1])
    expect(w.deadLetters()).toEqual([])
  })

  it('aborts the signal at the deadline, counts one failure, and starts nothing before the old run has ended', async () => {
    const w = world()
    let running = 0
    let most = 0
    const attempts: number[] = []
    const ends = [gate(), gate()]
    const bus = await w.bus({
      handlers: [
        handle(Note, { timeout: '1s', retry: { immediate: 1, delayed: [] } }, async (_, context) => {
          attempts.push(context.attempt)
          running += 1
          most = Math.max(most, running)
          await ends[context.attempt - 1]?.opened
          running -= 1
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(5_000)
    expect(attempts).toEqual([1])
    ends[0]?.open()
    await w.clock.advance(100)
    expect(attempts).toEqual([1, 2])
    await w.clock.advance(5_000)
    ends[1]?.open()
    await w.clock.advance(100)
    expect(most).toBe(1)
    expect(w.broker.deadLetters('shop')[0]?.headers).toMatchObject({ 'waybill-dead-letter-error-code': 'WAYBILL_HANDLER_TIMEOUT' })
  })

  it('retries a copy of a topic message for its handler alone, also after a restart', async () => {
    const w = world()
    const runs: string[] = []
    const handlers = [
      on(Placed, { id: 'a' }, () => void runs.push('a')),
      on(Placed, { id: 'b', retry: { immediate: 0, delayed: ['10s'] } }, (_, { attempt }) => {
        runs.push(`b${attempt}`)
        if (attempt === 1) throw new Error('first')
      }),
    ]
    const first = await w.bus({ handlers })
    await first.publish(new Placed({ id: '1' }))
    await w.clock.advance(5_000)
    const stopped = first.stop()
    await w.clock.advance(0)
    await stopped
    await w.bus({ handlers })
    await w.clock.advance(60_000)
    expect(runs).toEqual(['a', 'b1', 'b2'])
  })

  it('gives a copy for a renamed handler to the one that lists its former id, and never to another', async () => {
    const w = world()
    const runs: string[] = []
    const first = await w.bus({
      handlers: [
        on(Placed, { id: 'old', retry: { immediate: 0, delayed: ['10s'] } }, () => {
          throw new Error('first')
        }),
        on(Placed, { id: 'gone', retry: { immediate: 0, delayed: ['10s'] } }, () => {
          throw new Error('first')
        }),
      ],
    })
    await first.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    const stopped = first.stop()
    await w.clock.advance(0)
    await stopped
    await w.bus({
      handlers: [
        on(Placed, { id: 'new', formerIds: ['old'] }, (_, { attempt }) => void runs.push(`new${attempt}`)),
        on(Placed, { id: 'other' }, () => void runs.push('other')),
      ],
    })
    await w.clock.advance(3_600_000)
    expect(runs).toEqual(['new2'])
    expect(w.deadLetters()).toMatchObject([{ reason: 'unknown-handler', handler: 'gone' }])
  })

  it('pauses the endpoint and loses nothing while the dead-letter endpoint is gone; it goes on when that is back', async () => {
    const w = world()
    let runs = 0
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          runs += 1
          if (id === 'bad') throw new Error('bad')
        }),
      ],
    })
    w.broker.remove({ endpoint: 'shop.dead-letter' })
    await bus.send(new Note({ id: 'bad' }))
    await w.clock.advance(20_000)
    expect(bus.health()).toMatchObject({ status: 'degraded', endpoints: [{ paused: ['copy-refused'] }] })
    expect(w.log.filter(({ level }) => level === 'error')).toHaveLength(1)
    await bus.send(new Note({ id: 'good' }))
    await w.clock.advance(20_000)
    expect(runs).toBe(1)
    await w.bus({ handlers: [handle(Note, () => undefined)] }).then((second) => second.stop())
    await w.clock.advance(20_000)
    expect(w.deadLetters()).toMatchObject([{ reason: 'retries-exhausted' }])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
    expect(bus.health()).toMatchObject({ status: 'ok' })
  })

  it('takes nothing new while its copies are refused for a while', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      concurrency: 1,
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          runs.push(id)
          if (id === 'bad') throw new Error('bad')
        }),
      ],
    })
    const end = w.broker.failSends({ times: 1_000, where: ({ destination }) => destination.kind === 'endpoint' && destination.name === 'shop.dead-letter' })
    await bus.send(new Note({ id: 'bad' }))
    await w.clock.advance(1_000)
    expect(bus.health().endpoints[0]?.paused).toEqual(['broker-trouble'])
    end()
    await bus.send(new Note({ id: 'good' }))
    await w.clock.advance(30_000)
    expect(runs).toEqual(['bad', 'good'])
    expect(w.deadLetters()).toHaveLength(1)
    expect(bus.health()).toMatchObject({ status: 'ok' })
  })

  it('sheds what does not fit into a dead letter, and keeps the body', async () => {
    const w = world()
    const body = JSON.stringify({ id: 'x'.repeat(65_536 - 3_000) })
    const { memory } = await import('../../src/memory/index.js')
    const limit = { messageBytes: 65_536, batchCount: 10, batchBytes: 1_048_576 }
    await w.bus({
      transport: memory({ broker: w.broker, capabilities: { limits: { endpoint: limit, topic: limit } } }),
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, () => {
          throw new Error('e'.repeat(4_000))
        }),
      ],
    })
    w.broker.publish(
      { endpoint: 'shop' },
      { body, headers: { ce_specversion: '1.0', ce_id: 'n1', ce_type: 'shop.note', ce_source: 's', ce_time: '2026-01-01T00:00:00.000Z', ce_kind: 'command' } },
    )
    await w.clock.advance(1_000)
    const [letter] = w.broker.deadLetters('shop')
    expect(letter?.body?.length).toBe(body.length)
    expect(header(letter?.headers ?? {}, 'dead-letter-reason')).toBe('retries-exhausted')
    expect(header(letter?.headers ?? {}, 'dead-letter-error-stack')).toBeUndefined()
  })

  it('quarantines the message that kills its process, and not the ones beside it', async () => {
    const w = world()
    const done = new Set<string>()
    const { crashes } = await import('../../src/runtime/index.js')
    const invoked = w.seen('invoke')
    const handlers = [
      handle(Note, ({ id }) => {
        if (id !== 'killer') return void done.add(id)
        crashes.publish({ instanceId: invoked.at(-1)?.instanceId, failpoint: 'before-handler' })
        return new Promise<void>(() => undefined)
      }),
    ]
    const sender = await w.bus({ name: 'sender' })
    const prepared = await w.bus({ handlers })
    await prepared.stop()
    await sender.send(new Note({ id: 'killer' }))
    for (let index = 0; index < 30; index += 1) await sender.send(new Note({ id: String(index) }))
    for (let life = 0; life < 10; life += 1) {
      await w.bus({ concurrency: 1, handlers, stopTimeout: '1s' })
      await w.clock.advance(2_000)
    }
    expect(invoked.filter(({ envelope }) => Buffer.from(envelope.body ?? []).includes('killer'))).toHaveLength(5)
    expect(done.size).toBe(30)
    expect(w.deadLetters()).toMatchObject([{ reason: 'crash-loop', body: '{"id":"killer"}' }])
  })
})
