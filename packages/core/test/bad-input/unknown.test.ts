import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { Command, handle, on, type FunctionHandler } from '../../src/index.js'
import { diagnosis, native, nothingLeft, onlyDeadLetter } from '../support/native.js'
import { Note, Placed, world } from '../support/service.js'

const body = '{"id":"1"}'
const [tenSeconds, oneMinute, nineMinutes] = [10_000, 60_000, 540_000]

interface Unknown {
  readonly what: string
  readonly headers: Readonly<Record<string, string>>
  readonly reason: string
  readonly code: string
  readonly says: string
}

const unknown: readonly Unknown[] = [
  {
    what: 'an unknown type',
    headers: native('shop.refund'),
    reason: 'unknown-type',
    code: 'WAYBILL_UNKNOWN_TYPE',
    says: 'Deploy the version that handles it, and send the dead letter again',
  },
  {
    what: 'a version newer than known',
    headers: native('shop.note', { ce_schemaversion: '2' }),
    reason: 'unknown-type',
    code: 'WAYBILL_UNKNOWN_TYPE',
    says: 'Version 2 of "shop.note" is newer than the known version 1',
  },
  {
    what: 'an unknown target handler',
    headers: native('shop.note', { 'waybill-target-handler': 'shop.old-note' }),
    reason: 'unknown-handler',
    code: 'WAYBILL_UNKNOWN_HANDLER',
    says: 'add { formerIds: ["shop.old-note"] }',
  },
  {
    what: 'a type with the name of a member of every object',
    headers: native('constructor.prototype'),
    reason: 'unknown-type',
    code: 'WAYBILL_UNKNOWN_TYPE',
    says: '"constructor.prototype" is unknown here',
  },
  { what: 'the type __proto__', headers: native('__proto__'), reason: 'unknown-type', code: 'WAYBILL_UNKNOWN_TYPE', says: '"__proto__" is unknown here' },
]

describe.each(unknown)('a message of $what', ({ headers, reason, code, says }) => {
  it('is deferred for ten seconds, a minute and nine minutes, and then is one dead letter', async () => {
    const { clock, broker, bus, seen } = world()
    const calls: string[] = []
    await bus({ handlers: [handle(Note, ({ id }) => void calls.push(id))] })
    const sends = seen('send')
    const retries = seen('retry')
    broker.publish({ endpoint: 'shop' }, { body, headers: { ...headers, 'x-trace': 'abc' } })
    await clock.settle()
    for (const delay of [tenSeconds, oneMinute, nineMinutes]) {
      expect(broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 1 })
      await clock.advance(delay - 1)
      expect(broker.depth('shop').delayed).toBe(1)
      expect(broker.deadLetters()).toEqual([])
      await clock.advance(1)
    }
    expect(sends.map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual([
      'retry confirmed',
      'retry confirmed',
      'retry confirmed',
      'dead-letter confirmed',
    ])
    expect(new Set(sends.map(({ outgoing }) => outgoing.envelope.id))).toEqual(new Set([headers['ce_id']]))
    expect(new Set(sends.map(({ outgoing }) => outgoing.copyId)).size).toBe(4)
    expect(retries).toEqual([])
    expect(calls).toEqual([])
    const letter = onlyDeadLetter(broker)
    expect(Buffer.from(letter.body ?? []).toString()).toBe(body)
    expect(letter.headers).toMatchObject({ ...headers, 'x-trace': 'abc' })
    expect(diagnosis(letter)).toMatchObject({ reason, code, text: expect.stringContaining(says) as string })

    broker.publish({ endpoint: 'shop' }, { body: '{"id":"good"}', headers: native('shop.note') })
    await clock.settle()
    expect(calls).toEqual(['good'])
    expect(broker.depth('shop')).toEqual(nothingLeft)
  })
})

describe('a message that nobody here knows', () => {
  it('is handled once by an instance that is deployed while it waits', async () => {
    const { clock, broker, bus } = world()
    const calls: string[] = []
    class Refund extends Command('shop.refund', z.object({ id: z.string() })) {}
    const old = await bus({ handlers: [handle(Note, () => undefined)] })
    broker.publish({ endpoint: 'shop' }, { body, headers: native('shop.refund') })
    await clock.advance(tenSeconds)
    await old.stop()
    await bus({ handlers: [handle(Refund, ({ id }) => void calls.push(`refund ${id}`))] })
    await clock.advance(oneMinute)
    expect(calls).toEqual(['refund 1'])
    expect(broker.deadLetters()).toEqual([])
    expect(broker.depth('shop')).toEqual(nothingLeft)
  })

  it('waits as the option `unknown` says, also not at all', async () => {
    const { clock, broker, bus } = world()
    await bus({ unknown: [], handlers: [handle(Note, () => undefined)] })
    broker.publish({ endpoint: 'shop' }, { body, headers: native('shop.refund') })
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker)).reason).toBe('unknown-type')
  })

  it('comes through a topic and waits at the address of this endpoint alone', async () => {
    const { clock, broker, bus } = world()
    const calls: string[] = []
    await bus({ name: 'other', handlers: [on(Placed, { id: 'other' }, ({ id }) => void calls.push(id))] })
    await bus({ handlers: [on(Placed, { id: 'billing' }, () => undefined)] })
    broker.publish({ topic: 'shop.placed' }, { body, headers: native('shop.placed', { ce_kind: 'event', ce_schemaversion: '7' }) })
    await clock.advance(tenSeconds + oneMinute + nineMinutes)
    expect(broker.deadLetters('shop')).toHaveLength(1)
    expect(broker.deadLetters('other')).toHaveLength(1)
    expect(calls).toEqual([])
  })

  it('cannot be hidden by counting its deferrals down through a topic', async () => {
    const { clock, broker, bus, seen } = world()
    await bus({ handlers: [on(Placed, { id: 'billing' }, () => undefined)] })
    const sends = seen('send')
    broker.publish(
      { topic: 'shop.placed' },
      { body, headers: native('shop.refund', { ce_kind: 'event', 'waybill-unknown-attempt': '2', 'waybill-target-handler': 'nobody' }) },
    )
    await clock.advance(tenSeconds + oneMinute + nineMinutes)
    expect(sends.map(({ purpose }) => purpose)).toEqual(['retry', 'retry', 'retry', 'dead-letter'])
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({ reason: 'unknown-type', handler: '*' })
  })
})

describe('a known type without a handler', () => {
  const others: readonly FunctionHandler[] = [on(Placed, { id: 'billing' }, () => undefined)]

  it('is a dead letter at once when it comes to the own address', async () => {
    const { clock, broker, bus } = world()
    await bus({ name: 'office', sends: [Note], handlers: others })
    broker.publish({ endpoint: 'office' }, { body, headers: native('shop.note') })
    await clock.settle()
    expect(diagnosis(onlyDeadLetter(broker, 'office'))).toMatchObject({
      reason: 'no-handler',
      code: 'WAYBILL_NO_HANDLER',
      text: expect.stringContaining("Add one, or mend the sender's route") as string,
    })
  })

  it('is accepted and counted when it comes through a topic, with one warning that says what to do', async () => {
    const { clock, broker, bus, log, seen } = world()
    await bus({ name: 'office', sends: [Note], handlers: others })
    const counted = seen('count')
    for (const id of ['1', '2']) broker.publish({ topic: 'shop.placed' }, { body: `{"id":"${id}"}`, headers: native('shop.note') })
    await clock.settle()
    expect(counted.map(({ what }) => what)).toEqual(['ignored', 'ignored'])
    expect(broker.deadLetters()).toEqual([])
    expect(log.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('Remove the subscription, or add a handler'),
    ])
  })
})
