import { describe, expect, it } from 'vitest'
import { handle, on, when, type Middleware } from '../../src/index.js'
import { diagnosis, native, nothingLeft, onlyDeadLetter } from '../support/native.js'
import { Note, Placed, world } from '../support/service.js'

interface Bad {
  readonly what: string
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly reason: string
  readonly code: string
  readonly says: string
}

const text = (value: string): Uint8Array => Buffer.from(value)
const mend = 'Mend the sender; the dead letter keeps the bytes as they came'

const bad: readonly Bad[] = [
  { what: 'is not JSON', body: text('<order/>'), reason: 'body-not-json', code: 'WAYBILL_BODY_NOT_JSON', says: mend },
  { what: 'is truncated', body: text('{"id":"1'), reason: 'body-not-json', code: 'WAYBILL_BODY_NOT_JSON', says: mend },
  { what: 'is empty', body: text(''), reason: 'body-empty', code: 'WAYBILL_BODY_EMPTY', says: mend },
  { what: 'is a byte order mark and JSON', body: text('\uFEFF{"id":"1"}'), reason: 'body-not-json', code: 'WAYBILL_BODY_NOT_JSON', says: mend },
  {
    what: 'is invalid UTF-8',
    body: Uint8Array.from([...text('{"id":"'), 0xc3, 0x28, ...text('"}')]),
    reason: 'body-not-utf8',
    code: 'WAYBILL_BODY_NOT_UTF8',
    says: mend,
  },
  { what: 'is UTF-16', body: Buffer.from('{"id":"1"}', 'utf16le'), reason: 'body-not-json', code: 'WAYBILL_BODY_NOT_JSON', says: mend },
  {
    what: 'violates the schema',
    body: text('{"id":1}'),
    reason: 'schema-violation',
    code: 'WAYBILL_INVALID_MESSAGE',
    says: 'Mend the data, or the schema of the message',
  },
  { what: 'is JSON null', body: text('null'), reason: 'schema-violation', code: 'WAYBILL_INVALID_MESSAGE', says: 'Mend the data' },
  {
    what: 'has another content type',
    body: text('{"id":"1"}'),
    headers: { 'content-type': 'text/xml' },
    reason: 'content-type',
    code: 'WAYBILL_CONTENT_TYPE',
    says: mend,
  },
  {
    what: 'has another charset',
    body: text('{"id":"1"}'),
    headers: { 'content-type': 'application/json; charset=latin1' },
    reason: 'content-type',
    code: 'WAYBILL_CONTENT_TYPE',
    says: mend,
  },
]

const ways = [
  { way: 'the own address', type: 'shop.note', kind: 'command', to: { endpoint: 'shop' } },
  { way: 'a topic', type: 'shop.placed', kind: 'event', to: { topic: 'shop.placed' } },
] as const

describe.each(ways)('a body that comes through $way', ({ type, kind, to }) => {
  it.each(bad)('and $what is one dead letter with its native bytes, and the next message is handled', async ({ body, headers, reason, code, says }) => {
    const { clock, broker, log, bus, seen } = world()
    const calls: string[] = []
    const policy = when((error) => (calls.push(`policy: ${error.message}`), true)).retryNow(3)
    const around: Middleware = { name: 'around', incoming: { message: (context, next) => (calls.push(`middleware: ${context.type}`), next(context)) } }
    await bus({
      retry: policy,
      middleware: [around],
      handlers: [
        handle(Note, { retry: policy }, ({ id }) => void calls.push(`note ${id}`)),
        on(Placed, { id: 'billing', retry: policy }, ({ id }) => void calls.push(`placed ${id}`)),
      ],
    })
    const sends = seen('send')
    const settled = seen('settle')
    const given = native(type, { ce_kind: kind, 'x-trace': 'abc', ...headers })
    const nativeId = broker.publish(to, { body, headers: given })
    await clock.settle()

    const letter = onlyDeadLetter(broker)
    expect(Buffer.from(letter.body ?? [])).toEqual(Buffer.from(body))
    expect(letter.headers).toMatchObject(given)
    expect(letter.nativeId).not.toBe(nativeId)
    expect(diagnosis(letter)).toEqual({ reason, code, handler: '*', text: expect.stringContaining(says) as string })
    expect(letter.headers['waybill-dead-letter-attempts']).toBe('0')
    expect(calls).toEqual([])
    expect(sends.map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual(['dead-letter confirmed'])
    expect(settled.map(({ disposition }) => disposition)).toEqual(['accepted'])
    expect(log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([`shop/* dead-lettered a message: ${reason}`])

    broker.publish(to, { body: '{"id":"good"}', headers: { ...given, 'content-type': 'application/json' } })
    await clock.settle()
    expect(calls).toEqual([`middleware: ${type}`, `${type.slice(5)} good`])
    expect(broker.depth('shop')).toEqual(nothingLeft)
    expect(broker.deadLetters()).toHaveLength(1)
  })
})

describe('the dead letter of an unreadable body', () => {
  it('does not quote the body in its diagnostics or in the log', async () => {
    const { clock, broker, log, bus } = world()
    await bus({ handlers: [handle(Note, () => undefined)] })
    broker.publish({ endpoint: 'shop' }, { body: '{"card":"4111111111111111"', headers: native('shop.note') })
    await clock.settle()
    const said = Object.entries(onlyDeadLetter(broker).headers).filter(([name]) => name.startsWith('waybill-'))
    expect(JSON.stringify([said, log])).not.toContain('4111')
  })

  it.each([
    { what: 'without any header', headers: {} },
    { what: 'without an id', headers: native('shop.note', { ce_id: '' }) },
    { what: 'of an unknown kind', headers: native('shop.note', { ce_kind: 'wish' }) },
    { what: 'with a version that is no number', headers: native('shop.note', { ce_schemaversion: 'two' }) },
    { what: 'with an expiry that is no number', headers: native('shop.note', { ce_expiresat: 'tomorrow' }) },
    { what: 'with another version of CloudEvents', headers: native('shop.note', { ce_specversion: '2.0' }) },
  ])('$what carries the native id, the endpoint as source, no type, and every header', async ({ headers }) => {
    const { clock, broker, bus, seen } = world()
    const letters = seen('deadLetter')
    const calls: string[] = []
    await bus({ handlers: [handle(Note, ({ id }) => void calls.push(id))] })
    const nativeId = broker.publish({ endpoint: 'shop' }, { body: Uint8Array.of(0, 255, 1), headers: { 'x-foreign': 'yes', ...headers } })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"good"}', headers: native('shop.note') })
    await clock.settle()
    const letter = onlyDeadLetter(broker)
    expect([...(letter.body ?? [])]).toEqual([0, 255, 1])
    expect(letter.headers).toMatchObject({ 'x-foreign': 'yes', ...headers })
    expect(diagnosis(letter)).toMatchObject({
      reason: 'unmappable',
      code: 'WAYBILL_UNMAPPABLE',
      text: expect.stringContaining('docs/reference/headers.md') as string,
    })
    expect(letters).toMatchObject([{ reason: 'unmappable', envelope: { id: nativeId, source: 'shop', type: '' } }])
    expect(calls).toEqual(['good'])
  })

  it('is made for a reply that comes to the address of the endpoint that handles its request', async () => {
    const { clock, broker, bus } = world()
    const calls: string[] = []
    await bus({ handlers: [handle(Note, ({ id }) => void calls.push(id))] })
    broker.publish({ endpoint: 'shop' }, { body: '{"id":"1"}', headers: native('shop.note', { ce_kind: 'reply' }) })
    await clock.settle()
    expect(calls).toEqual([])
    expect(diagnosis(onlyDeadLetter(broker))).toMatchObject({
      reason: 'unmappable',
      code: 'WAYBILL_UNMAPPABLE',
      text: expect.stringContaining('this is no reply address') as string,
    })
  })
})
