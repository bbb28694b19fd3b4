import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InvalidMessageError, MessageDeclarationError } from '../errors/index.js'
import { Command, contractOf, contractOfClass, Event, Query, type Schema } from './index.js'

/** The JSON that a sender writes. */
const written = (message: object): string => JSON.stringify(contractOf(message)?.wireOf(message))
/** What a receiver reads from it. */
const received = <M extends object>(cls: abstract new (...args: never[]) => M, json: string): M => contractOfClass(cls)?.read(JSON.parse(json), 1) as M

const Instant = z.union([z.iso.datetime(), z.date()]).pipe(z.coerce.date())

describe('the wire carries the output of the schema', () => {
  it('so a default is drawn once, by the sender', () => {
    let drawn = 0
    class Drawn extends Event('x.drawn', z.object({ n: z.number().default(() => (drawn += 1)), a: z.string() })) {}
    const message = new Drawn({ a: 'x' })
    expect(written(message)).toBe('{"n":1,"a":"x"}')
    expect(received(Drawn, written(message)).n).toBe(1)
    expect(drawn).toBe(1)
  })

  it('so fields that the schema does not know leave nobody’s process', () => {
    class Known extends Event('x.known', z.object({ a: z.string() })) {}
    expect(written(new Known({ a: 'x', secret: 'y' } as never))).toBe('{"a":"x"}')
    expect(received(Known, '{"a":"x","secret":"y"}')).toEqual({ a: 'x' })
  })

  it('and a transform that is stable passes twice', () => {
    class Trimmed extends Event('x.trimmed', z.object({ slug: z.string().trim().toLowerCase() })) {}
    expect(received(Trimmed, written(new Trimmed({ slug: ' A ' }))).slug).toBe('a')
  })

  it('and an instant is a Date on both sides', () => {
    class Dated extends Event('x.dated', z.object({ at: Instant, all: z.array(z.object({ at: Instant })) })) {}
    const sent = new Dated({ at: new Date(0), all: [{ at: '2026-01-01T00:00:00Z' }] })
    expect(sent.at).toBeInstanceOf(Date)
    expect(written(sent)).toBe('{"at":"1970-01-01T00:00:00.000Z","all":[{"at":"2026-01-01T00:00:00.000Z"}]}')
    expect(received(Dated, written(sent))).toEqual(sent)
    expect(() => received(Dated, '{"at":null,"all":[]}')).toThrow(InvalidMessageError)
  })

  it('and encode writes what the schema reads where JSON cannot', () => {
    class Big extends Event('x.big', z.object({ total: z.codec(z.string(), z.bigint(), { decode: BigInt, encode: String }) }), {
      encode: ({ total }) => ({ total: total.toString() }),
    }) {}
    const sent = new Big({ total: '5' })
    expect(sent.total).toBe(5n)
    expect(written(sent)).toBe('{"total":"5"}')
    expect(received(Big, written(sent)).total).toBe(5n)
  })

  it('and a foreign form that is no object is wrapped on the way in and unwrapped on the way out', () => {
    class Batch extends Event(
      'iot.batch',
      z.array(z.number()).transform((values) => ({ values })),
      { encode: ({ values }) => values },
    ) {}
    expect(written(new Batch([1, 2]))).toBe('[1,2]')
    expect(received(Batch, '[1,2]').values).toEqual([1, 2])
    expect(Batch.parse([3]).values).toEqual([3])
  })

  it('and a field that is undefined equals one that is missing', () => {
    class Optional extends Event('x.optional', z.object({ a: z.string().optional(), n: z.number() })) {}
    expect(written(new Optional({ a: undefined, n: -0 }))).toBe('{"n":0}')
  })
})

describe('the first instance proves that the schema reads its own output back', () => {
  const refusal = (make: () => unknown): string => {
    try {
      make()
    } catch (error) {
      expect(error).toBeInstanceOf(MessageDeclarationError)
      return (error as Error).message
    }
    throw new Error('nothing was refused')
  }

  it('so a transform that is not stable is refused, with type, field and fix', () => {
    class Cents extends Event('x.cents', z.object({ lines: z.array(z.object({ amount: z.number().transform((amount) => amount * 100) })) })) {}
    const text = refusal(() => new Cents({ lines: [{ amount: 1 }] }))
    expect(text).toContain('"x.cents": the schema does not read its own output back from JSON at lines[0].amount: it comes back different')
    expect(text).toContain('Use a codec in the schema, or give the declaration an { encode }')
    expect(refusal(() => Cents.parse({ lines: [{ amount: 1 }] }))).toContain('lines[0].amount')
  })

  it('at every instance, until it is mended', () => {
    const Dated = Event('x.date', z.object({ at: z.date() }) as never) as unknown as new (data: object) => object
    for (const _ of [1, 2]) expect(refusal(() => new Dated({ at: new Date() }))).toMatch(/"x\.date": .* at at: .*date/i)
  })

  it('so a bigint without encode is refused at its field', () => {
    const Big = Event('x.bigint', z.object({ inner: z.object({ total: z.bigint() }) }) as never) as unknown as new (data: object) => object
    expect(refusal(() => new Big({ inner: { total: 5n } }))).toContain('"x.bigint" cannot be written as JSON at total: ')
  })

  it('so an encode that the schema cannot read is refused', () => {
    const Encoded = Event('x.encoded', z.object({ a: z.string() }), { encode: (() => ({ b: 1 })) as never }) as unknown as new (data: object) => object
    expect(refusal(() => new Encoded({ a: 'x' }))).toContain('at a: ')
    const Nothing = Event('x.nothing', z.object({ a: z.string() }), { encode: (() => undefined) as never }) as unknown as new (data: object) => object
    expect(refusal(() => new Nothing({ a: 'x' }))).toContain('it is undefined or a function')
    const Throwing = Event('x.throwing', z.object({ a: z.string() }), {
      encode: (() => {
        throw new Error('boom')
      }) as never,
    }) as unknown as new (data: object) => object
    expect(refusal(() => new Throwing({ a: 'x' }))).toContain('boom')
  })

  it('so data that is no object is refused', () => {
    const List = Event('x.list', z.array(z.string()) as never) as unknown as new (data: unknown) => object
    expect(refusal(() => new List(['a']))).toContain('The schema of "x.list" gives an array of 1, and a message is an object')
    expect(() => contractOfClass(Event('x.text', z.string() as never))?.read('x', 1)).toThrow(InvalidMessageError)
  })

  it('so a class that adds fields of its own, which no receiver would have, is refused when the first is sent', () => {
    class Cached extends Event('x.cached', z.object({ a: z.string() })) {
      readonly cache = 5
    }
    expect(refusal(() => written(new Cached({ a: 'x' })))).toContain('"x.cached": the schema does not read its own output back from JSON at cache')
  })

  it('so a class that declares a field again, and with it clears it, is refused when the first is sent', () => {
    class Cleared extends Event('x.cleared', z.object({ a: z.string() })) {
      override readonly a!: string
    }
    expect(refusal(() => written(new Cleared({ a: 'x' })))).toContain('at a: ')
  })

  it('for replies too', () => {
    const Cents = Query('x.reply', z.object({}), { reply: z.object({ amount: z.number().transform((amount) => amount * 100) }) })
    expect(refusal(() => contractOfClass(Cents)?.writeReply({ amount: 1 }))).toContain(
      'The reply of "x.reply": the schema does not read its own output back from JSON at amount',
    )
  })

  it('and a reply is never undefined', () => {
    const Maybe = Query('x.maybe', z.object({}), { reply: z.string().optional() })
    const contract = contractOfClass(Maybe)
    expect(contract?.writeReply('x')).toBe('x')
    expect(() => contract?.writeReply(undefined)).toThrow(/return null/)
    expect(refusal(() => contractOfClass(Query('x.never', z.object({}), { reply: z.string().optional() }))?.writeReply(undefined))).toContain(
      'cannot be written as JSON',
    )
  })

  it('and a reply may be converted on both sides', () => {
    const At = Query('x.at', z.object({}), { reply: z.object({ at: Instant }) })
    const reply = contractOfClass(At)?.writeReply({ at: '2026-01-01T00:00:00Z' })
    expect(contractOfClass(At)?.readReply(JSON.parse(JSON.stringify(reply)))).toEqual({ at: new Date('2026-01-01T00:00:00Z') })
  })
})

describe('an asynchronous schema', () => {
  const asynchronous = z.object({ a: z.string().refine(async (a) => a !== '') })

  it('is refused at the first instance that shows it, with the fix', () => {
    const Asked = Command('x.asked', asynchronous)
    expect(() => new Asked({ a: 'x' })).toThrow(MessageDeclarationError)
    expect(() => new Asked({ a: 'x' })).toThrow(/"x\.asked": the schema answered with a promise.*in the handler/)
  })

  it('makes a bad message of what is received', () => {
    expect(() => contractOfClass(Command('x.asked', asynchronous))?.read({ a: 'x' }, 1)).toThrow(InvalidMessageError)
  })

  it('of a reply is refused at the first reply', () => {
    const Asked = Query('x.replied', z.object({}), { reply: asynchronous })
    expect(() => contractOfClass(Asked)?.writeReply({ a: 'x' })).toThrow(/The reply of "x\.replied": the schema answered with a promise/)
    expect(() => contractOfClass(Asked)?.readReply({ a: 'x' })).toThrow(InvalidMessageError)
  })

  it('is not assumed where a schema that has answered before throws on bad data', () => {
    const Big = Event('x.big', z.object({ total: z.codec(z.string(), z.bigint(), { decode: BigInt, encode: String }) }), {
      encode: ({ total }) => ({ total: total.toString() }),
    })
    void new Big({ total: '5' })
    expect(() => Big.parse({ total: 'many' })).toThrow(InvalidMessageError)
  })

  it('is not assumed where the schema itself throws', () => {
    const throwing: Schema<{ a: string }, { a: string }> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => {
          throw new RangeError('too deep')
        },
      },
    }
    const Throwing = Event('x.throws', throwing)
    expect(() => new Throwing({ a: 'x' })).toThrow(/the schema threw: too deep/)
    expect(() => new Throwing({ a: 'x' })).toThrow(InvalidMessageError)
  })
})
