import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InvalidMessageError, MessageDeclarationError, UnknownTypeError } from '../errors/index.js'
import { Command, contractOf, contractOfClass, Event, Query, type Schema } from './index.js'

const Line = z.object({ sku: z.string(), quantity: z.int().positive() })
class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.uuid(), lines: z.array(Line).min(1) }), {
  reply: z.object({ total: z.number() }),
  key: 'orderId',
}) {
  get pieces(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0)
  }
}
const orderId = '0193b1d2-7c1e-7000-8000-000000000001'
const order = (): PlaceOrder => new PlaceOrder({ orderId, lines: [{ sku: 'a', quantity: 2 }] })

const thrown = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const throwing = (what: unknown): never => {
  throw what
}
/** What a receiver gets: through JSON, upcast, validated. */
const received = <M extends object>(cls: abstract new (...args: never[]) => M, message: object, version = 1): M =>
  contractOfClass(cls)?.read(JSON.parse(JSON.stringify(contractOf(message)?.wireOf(message))), version) as M

/** A schema that hands back what it gets, as arktype does. */
const unchecked: Schema<{ a: number }, { a: number }> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as { a: number } }) },
}

describe('a message', () => {
  it('has the fields of its data and the members of its class', () => {
    expect(order()).toEqual({ orderId, lines: [{ sku: 'a', quantity: 2 }] })
    expect(order().pieces).toBe(2)
    expect(order()).toBeInstanceOf(PlaceOrder)
    expect(inspect(order())).toContain('PlaceOrder {')
  })

  it('knows its kind, type, version, schema and reply by its class', () => {
    expect([PlaceOrder.kind, PlaceOrder.type, PlaceOrder.version]).toEqual(['command', 'orders.place-order', 1])
    expect(PlaceOrder.reply).toBeDefined()
    expect(PlaceOrder.name).toBe('PlaceOrder')
    expect(Command('net.ping').name).toBe('net.ping')
  })

  it('refuses wrong data with all issues, their paths and its type', () => {
    const error = thrown(() => new PlaceOrder({ orderId: 'x', lines: [{ sku: 1 as never, quantity: 1 }] }))
    expect(error).toBeInstanceOf(InvalidMessageError)
    expect(error).toMatchObject({ code: 'WAYBILL_INVALID_MESSAGE', type: 'orders.place-order', issues: [{ path: 'orderId' }, { path: 'lines[0].sku' }] })
    expect((error as Error).message).toMatch(/"orders\.place-order".*orderId: .*lines\[0\]\.sku: /)
  })

  it('copies the value of its schema, which may be the caller’s own object', () => {
    const Own = Event('x.own', unchecked)
    const data = { a: 1 }
    const message = new Own(data)
    data.a = 2
    expect(message).toMatchObject({ a: 1 })
  })

  it('without a schema takes no data and keeps none', () => {
    const Run = Command('jobs.run')
    expect(new Run()).toEqual({})
    expect(new Run({ extra: 1 } as never)).toEqual({})
    expect(() => new Run([] as never)).toThrow('expected an object')
    expect(() => new Run(5 as never)).toThrow(InvalidMessageError)
  })

  it('takes no data where every field is optional', () => {
    const Page = Query('orders.page', z.object({ size: z.int().default(20) }), { reply: z.array(z.string()) })
    expect(new Page()).toEqual({ size: 20 })
  })

  it('parses data of unknown origin without running a constructor of its class', () => {
    class OwnConstructor extends Event('x.own', z.object({ a: z.string() })) {
      constructor(a: string) {
        super({ a: a.toUpperCase() })
      }
    }
    expect(new OwnConstructor('x').a).toBe('X')
    expect(OwnConstructor.parse({ a: 'x' })).toBeInstanceOf(OwnConstructor)
    expect(OwnConstructor.parse({ a: 'x' }).a).toBe('x')
    expect(() => OwnConstructor.parse(undefined)).toThrow(InvalidMessageError)
    expect(received(OwnConstructor, new OwnConstructor('x')).a).toBe('X')
  })

  it('may have a field called constructor, and refuses one called __proto__', () => {
    class Odd extends Event('x.odd', unchecked) {}
    const odd = contractOfClass(Odd)?.read(JSON.parse('{"constructor":"mine","a":1}'), 1)
    expect(odd).toMatchObject({ constructor: 'mine', a: 1 })
    expect(contractOf(odd)?.type).toBe('x.odd')
    const error = thrown(() => contractOfClass(Odd)?.read(JSON.parse('{"__proto__":{"admin":true},"a":1}'), 1))
    expect(error).toMatchObject({ code: 'WAYBILL_INVALID_MESSAGE', issues: [{ path: '__proto__' }] })
    expect(() => Odd.parse(JSON.parse('{"__proto__":{"admin":true},"a":1}'))).toThrow(/"x\.odd".*__proto__/)
  })

  it('refuses a field that has the name of a getter of its class', () => {
    class Counted extends Event('x.counted', z.looseObject({ a: z.string() })) {
      get count(): number {
        return this.a.length
      }
    }
    expect(() => contractOfClass(Counted)?.read({ a: 'x', count: 5 }, 1)).toThrow(/name of a getter of the class.*count/)
  })

  it.each([
    ['gives nothing back', () => undefined, 'the schema threw'],
    ['throws what has no text', () => throwing(Object.create(null)), 'the schema threw: an object'],
    ['tells of issues that are none', () => ({ issues: 5 }), 'the schema threw'],
  ])('refuses data when its schema %s', (_, validate, text) => {
    class Odd extends Event('tests.odd', { '~standard': { version: 1, vendor: 'test', validate: validate as never } } as Schema<{}, {}>) {}
    expect(() => new Odd({})).toThrow(InvalidMessageError)
    expect(() => new Odd({})).toThrow(text)
  })

  it('tells at most ten issues in its text, each cut, and has all of them', () => {
    class Totals extends Event('tests.totals', z.object({ totals: z.record(z.string(), z.number()) })) {}
    const totals = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index}${'x'.repeat(500)}`, 'no number' as unknown as number]))
    const error = thrown(() => new Totals({ totals })) as InvalidMessageError
    expect(error.issues).toHaveLength(12)
    expect(error.message).toContain('…; and 2 more. Mend the data')
    expect(error.message.length).toBeLessThan(2_500)
  })

  it('names paths that are no identifiers', () => {
    const Odd = Event('x.paths', z.object({ 'a b': z.object({ $ok: z.array(z.string()) }) }))
    expect(thrown(() => new Odd({ 'a b': { $ok: [1 as never] } }))).toMatchObject({ issues: [{ path: '["a b"].$ok[0]' }] })
  })
})

describe('the contract of a message', () => {
  it('is found on instances and classes, and on nothing else', () => {
    expect(contractOf(order())?.type).toBe('orders.place-order')
    expect(contractOfClass(PlaceOrder)).toMatchObject({
      kind: 'command',
      replies: true,
      key: 'orderId',
      contentType: 'application/json',
      topic: 'orders.place-order',
      ordered: false,
    })
    for (const other of [undefined, null, 5, 'x', {}, Object.assign({}, order()), [], PlaceOrder, () => undefined]) expect(contractOf(other)).toBeUndefined()
    for (const other of [undefined, null, 5, 'x', {}, order(), class {}, () => undefined]) expect(contractOfClass(other)).toBeUndefined()
  })

  it('is found on a class whose prototype is frozen', () => {
    class Frozen extends Event('tests.frozen', z.object({ id: z.string() })) {}
    Object.freeze(Frozen.prototype)
    expect(contractOfClass(Frozen)?.read({ id: 'a' }, 1)).toBeInstanceOf(Frozen)
  })

  it('makes instances of the class that was asked, also below one that has been asked before', () => {
    class Special extends PlaceOrder {}
    const data = { orderId, lines: [{ sku: 'a', quantity: 2 }] }
    expect(contractOfClass(PlaceOrder)?.read(data, 1)).not.toBeInstanceOf(Special)
    expect(contractOfClass(Special)?.read(data, 1)).toBeInstanceOf(Special)
    expect(contractOfClass(Special)).toBe(contractOfClass(Special))
  })

  it('reads the key from a field or by a function; an empty one is none', () => {
    expect(contractOf(order())?.keyOf(order())).toBe(orderId)
    const Keyed = Event('x.keyed', z.object({ a: z.string(), b: z.string() }), { key: ({ a, b }) => a + b })
    expect(contractOfClass(Keyed)?.key).toBe('function')
    expect(contractOfClass(Keyed)?.keyOf(new Keyed({ a: 'x', b: 'y' }))).toBe('xy')
    expect(contractOfClass(Keyed)?.keyOf(new Keyed({ a: '', b: '' }))).toBeUndefined()
    const Keyless = Event('x.keyless')
    expect(contractOfClass(Keyless)?.keyOf(new Keyless())).toBeUndefined()
  })

  it('refuses a key that is no text', () => {
    const Wrong = Event('x.wrong', z.object({ n: z.number() }), { key: 'n' as never })
    expect(() => contractOfClass(Wrong)?.keyOf(new Wrong({ n: 5 }))).toThrow(/key of "x\.wrong" \(n\) is 5/)
  })

  it('brings older versions up, one by one, before validation', () => {
    class Placed extends Event('orders.placed', z.object({ orderId: z.string(), lines: z.array(z.string()) }), {
      version: 4,
      upcast: {
        1: (data) => ({ orderId: (data as { id: string }).id, line: 'a' }),
        3: (data) => ({ ...(data as object), lines: [(data as { line: string }).line] }),
      },
    }) {}
    const contract = contractOfClass(Placed)
    expect(contract?.read({ id: 'x' }, 1)).toEqual({ orderId: 'x', lines: ['a'] })
    expect(contract?.read({ orderId: 'x', line: 'b' }, 2)).toEqual({ orderId: 'x', lines: ['b'] })
    expect(contract?.read({ orderId: 'x', lines: ['c'] }, 4)).toEqual({ orderId: 'x', lines: ['c'] })
    expect(() => contract?.read({ id: 'x' }, 4)).toThrow(InvalidMessageError)
  })

  it('does not know a version that is newer than its own, nor one that is none', () => {
    const contract = contractOfClass(PlaceOrder)
    expect(() => contract?.read({}, 2)).toThrow(UnknownTypeError)
    expect(() => contract?.read({}, 2)).toThrow(/Version 2 of "orders\.place-order" is newer than the known version 1/)
    for (const version of [0, -1, 0.5, Number.NaN]) expect(() => contract?.read({}, version)).toThrow(InvalidMessageError)
  })

  it('makes a schema violation of an upcaster that throws', () => {
    const Broken = Event('x.broken', z.object({ a: z.string() }), {
      version: 2,
      upcast: {
        1: () => {
          throw new TypeError('no id')
        },
      },
    })
    expect(thrown(() => contractOfClass(Broken)?.read({}, 1))).toMatchObject({ reason: 'schema-violation', cause: { message: 'no id' } })
  })

  it('checks a reply on both sides', () => {
    const contract = contractOfClass(PlaceOrder)
    expect(contract?.writeReply({ total: 5, internal: true })).toEqual({ total: 5 })
    expect(contract?.readReply({ total: 5 })).toEqual({ total: 5 })
    expect(thrown(() => contract?.writeReply({ totl: 5 }))).toMatchObject({ code: 'WAYBILL_INVALID_REPLY', issues: [{ path: 'total' }] })
    expect(() => contract?.readReply('x')).toThrow(InvalidMessageError)
  })

  it('has no reply where none is declared', () => {
    const contract = contractOfClass(Command('x.none'))
    expect(contract?.replies).toBe(false)
    expect(contract?.writeReply(5)).toBeUndefined()
    expect(contract?.readReply(null)).toBeUndefined()
  })

  it('carries any data that the schema takes to the receiver unchanged', () => {
    class Odds extends Event('x.odds', z.object({ json: z.json(), maybe: z.string().nullish(), rec: z.record(z.string(), z.number()) })) {}
    const arbitrary = fc.record({
      json: fc.jsonValue(),
      maybe: fc.option(fc.string(), { nil: null }),
      rec: fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    })
    fc.assert(
      fc.property(arbitrary, (data) => {
        const sent = new Odds(data as never)
        expect(JSON.stringify(received(Odds, sent))).toBe(JSON.stringify(sent))
      }),
    )
  })
})

describe('a declaration', () => {
  const refused = (declare: () => unknown): string => {
    const error = thrown(declare)
    expect(error).toBeInstanceOf(MessageDeclarationError)
    return (error as Error).message
  }

  it.each(['', ' ', 'a b', 'a\r\nb', 'a\0', 'orders..x', '.x', 'x.', 'ö', 'a*', 'x#', 'x'.repeat(201), 5, undefined, null, {}])(
    'refuses the type %j and quotes it',
    (type) => {
      expect(refused(() => Command(type as string))).toContain('cannot be the type of a command')
    },
  )

  it('quotes a refused type without its control characters', () => {
    expect(refused(() => Event('a\r\nb'))).toContain(String.raw`"a\r\nb" cannot be the type of an event`)
  })

  it.each(['a', 'orders.place-order', 'urn:x:y', 'a/b_c.D-1', '__proto__', 'constructor', 'prototype'])('takes the type %s', (type) => {
    const Declared = Command(type)
    expect(contractOf(new Declared())?.type).toBe(type)
  })

  it('names the options that it does not know, and the nearest that it does', () => {
    expect(refused(() => Event('x.a', z.object({}), { verison: 2 } as never))).toMatch(/"x\.a"\.verison is no option.*Did you mean "x\.a"\.version/)
    expect(refused(() => Event('x.a', z.object({}), { reply: z.object({}) } as never))).toContain('reply is no option')
    expect(refused(() => Command('x.a', z.object({}), { topic: 'x' } as never))).toContain('topic is no option')
  })

  it.each([
    [{ version: 0 }, 'version must be an integer from 1'],
    [{ key: 5 }, 'key must be the name of a text field, or a function, got 5'],
    [{ ordered: true }, '"x.a" is ordered and has no key'],
    [{ ordered: 'yes', key: 'a' }, 'ordered must be true or false'],
    [{ encode: 'x' }, 'encode must be a function'],
    [{ topic: 'a b' }, 'topic must be letters'],
    [{ upcast: { 1: 5 } }, 'upcast must be functions by version'],
    [{ upcast: { 1: () => undefined } }, '"x.a" has version 1, and its upcast says "1"'],
    [{ version: 2, upcast: { x: () => undefined } }, 'has version 2, and its upcast says "x"'],
    [{ version: 2, upcast: { 0: () => undefined } }, 'upcast says "0"'],
    [null, 'must be an object, got null'],
  ])('refuses the options %j', (options, text) => {
    expect(refused(() => Event('x.a', z.object({ a: z.string() }), options as never))).toContain(text)
  })

  it('refuses what is no schema, and a query without a reply', () => {
    expect(refused(() => Event('x.a', { a: 'string' } as never))).toContain('The schema of "x.a" is an object, not a Standard Schema')
    expect(refused(() => Event('x.a', { '~standard': null } as never))).toContain('not a Standard Schema')
    expect(refused(() => Query('x.a', z.object({}), {} as never))).toContain('reply must be a Standard Schema')
    expect(refused(() => Query('x.a', z.object({}), undefined as never))).toContain('"x.a" must be an object')
  })

  it('puts an event on a topic of its own name or on the one that it names', () => {
    expect(contractOfClass(Event('orders.placed'))?.topic).toBe('orders.placed')
    const Ordered = Event('orders.shipped', z.object({ orderId: z.string() }), { topic: 'orders.life', ordered: true, key: 'orderId' })
    expect(contractOfClass(Ordered)).toMatchObject({ topic: 'orders.life', ordered: true, key: 'orderId' })
  })
})
