import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Envelope } from '../contract/index.js'
import { forwarded, fromRecord, keyOf, toEnvelope, toNative, toOriginal, toRecord } from './envelope-mapping.js'

const map = (entries: Record<string, string>): Record<string, string> => Object.assign(Object.create(null) as Record<string, string>, entries)
const least: Envelope = {
  id: '1',
  type: 'orders.placed',
  version: 1,
  source: 'shop',
  time: '2026-01-01T00:00:00.000Z',
  contentType: 'application/json',
  kind: 'event',
  headers: map({}),
  system: map({}),
  body: null,
}

describe('an envelope', () => {
  test('comes back as it was, whatever its texts and names are', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', 'content-type', 'ce_id', 'ce_partitionkey', 'waybill-attempt', 'user:x', 'user:user:x', ''),
    )
    const headers = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 6 }).map((entries) => {
      const record = map({})
      for (const [key, value] of entries) record[key] = value
      return record
    })
    const text = fc.string({ unit: 'binary', minLength: 1 })
    const whole = fc.record(
      {
        ...{ id: text, type: fc.string(), version: fc.integer({ min: 1, max: 2 ** 40 }), source: text, time: text, contentType: text },
        ...{ kind: fc.constantFrom('command', 'query', 'event', 'reply', 'document'), headers, system: headers },
        body: fc.oneof(fc.constant(null), fc.uint8Array()),
        ...{ correlationId: text, causationId: text, replyTo: text, expiresAt: fc.integer({ min: 0 }), key: text },
      },
      { requiredKeys: ['id', 'type', 'version', 'source', 'time', 'contentType', 'kind', 'headers', 'system', 'body'] },
    )
    fc.assert(
      fc.property(whole, (envelope) => {
        const read = toEnvelope(toNative(envelope as Envelope), envelope.body)
        expect(read).toStrictEqual({ ...envelope })
      }),
      { numRuns: 300 },
    )
  })

  test('is written as CloudEvents binary mode', () => {
    const native = toRecord(toNative({ ...least, version: 2, key: 'k', headers: map({ tenant: 'acme' }), system: map({ attempt: '2' }) }))
    expect(native).toEqual({
      ...{ ce_specversion: '1.0', ce_id: '1', ce_type: 'orders.placed', ce_schemaversion: '2', ce_source: 'shop', ce_time: '2026-01-01T00:00:00.000Z' },
      ...{ 'content-type': 'application/json', ce_kind: 'event', ce_partitionkey: 'k', tenant: 'acme', 'waybill-attempt': '2' },
    })
  })

  test('has header maps without a prototype', () => {
    const read = toEnvelope(toNative({ ...least, headers: map({ a: 'b' }) }), null)
    expect([Object.getPrototypeOf(read?.headers), Object.getPrototypeOf(read?.system)]).toEqual([null, null])
  })

  test('shares no header map with another delivery, not even an empty one that could be changed', () => {
    const native = toNative({ ...least, headers: map({ a: 'b' }) })
    const first = toEnvelope(native, null)
    if (first !== undefined) Reflect.set(first.headers, 'a', 'changed')
    expect(toEnvelope(native, null)?.headers['a']).toBe('b')
    expect(Reflect.set(first?.system ?? {}, 'attempt', '9')).toBe(false)
  })
})

describe('a message that Waybill did not write', () => {
  const whole = { ce_specversion: '1.0', ce_id: '1', ce_type: 't', ce_source: 's', ce_time: 'now' }

  test('is an event in JSON of version 1 where it does not say otherwise', () => {
    expect(toEnvelope(fromRecord({ ...whole, other: 'x' }), null)).toMatchObject({
      kind: 'event',
      version: 1,
      contentType: 'application/json',
      headers: { other: 'x' },
    })
  })

  test.each([
    ['no headers', {}],
    ['no id', { ...whole, ce_id: '' }],
    ['no source', { ...whole, ce_source: '' }],
    ['no time', { ...whole, ce_time: '' }],
    ['another version of CloudEvents', { ...whole, ce_specversion: '0.3' }],
    ['a version that is no number', { ...whole, ce_schemaversion: 'two' }],
    ['version 0', { ...whole, ce_schemaversion: '0' }],
    ['an unknown kind', { ...whole, ce_kind: 'rumour' }],
    ['an expiry that is no time', { ...whole, ce_expiresat: 'soon' }],
  ])('cannot be mapped with %s', (_, headers) => {
    expect(toEnvelope(fromRecord(headers), null)).toBeUndefined()
  })

  test('never makes the mapping throw', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (native) => {
        expect(toEnvelope(native, null)).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})

describe('an original', () => {
  test('is forwarded untouched, with the system headers added', () => {
    const native = fromRecord(map({ 'x-foreign': 'é\0\n', ce_partitionkey: 'k', 'waybill-attempt': '1' }))
    const original = toOriginal({ nativeId: '7', headers: native }, Uint8Array.of(1))
    const headers = forwarded(original, map({ attempt: '2', reason: 'invalid' }))
    expect(toRecord(headers)).toEqual({ 'x-foreign': 'é\0\n', ce_partitionkey: 'k', 'waybill-attempt': '2', 'waybill-reason': 'invalid' })
    expect(keyOf(headers)).toBe('k')
    expect(JSON.parse(original.native)).toMatchObject({ nativeId: '7' })
  })

  test('keeps a header that is called __proto__', () => {
    const headers = fromRecord(JSON.parse('{"__proto__":"mine"}') as Record<string, string>)
    expect(forwarded(toOriginal({ nativeId: '1', headers }, null), map({}))).toEqual(['__proto__', 'mine'])
  })

  test.each(['', 'no JSON', 'null', '{}', '{"headers":[]}', '{"headers":{"a":1}}', '{"headers":"text"}'])('that says %j is of another transport', (native) => {
    expect(() => forwarded({ body: null, native }, map({}))).toThrow(expect.objectContaining({ code: 'WAYBILL_FOREIGN_ORIGINAL', retryable: false }))
  })
})
