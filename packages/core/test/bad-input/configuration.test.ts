import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, CommandHandler, ConfigurationError, createBus, Event, EventHandler, handle, on, type BusOptions } from '../../src/index.js'
import { Note, Placed } from '../support/service.js'

class ShopNotes {
  handle(): void {}
}
CommandHandler(Note)(ShopNotes)
class OtherNotes {
  handle(): void {}
}
CommandHandler(Note)(OtherNotes)

class Counter {
  readonly store: object
  constructor(store: object) {
    this.store = store
  }
  handle(): void {}
}
EventHandler(Placed, { id: 'counter' })(Counter)

class Refund extends Command('refund', z.object({ id: z.string() })) {}
class Pay extends Command('billing.pay', z.object({ id: z.string() })) {}
class Moved extends Event('shop.moved', z.object({ id: z.string() }), { key: 'id', ordered: true }) {}

async function startOf(options: Readonly<Record<string, unknown>>): Promise<ConfigurationError> {
  const bus = createBus({ name: 'shop', ...options } as unknown as BusOptions)
  const error: unknown = await bus.start().catch((caught: unknown) => caught)
  if (!(error instanceof ConfigurationError)) throw new Error(`expected a ConfigurationError, got ${String(error)}`)
  expect(error.code).toBe('WAYBILL_CONFIGURATION')
  for (const { what, fix } of error.problems) {
    expect(what.length).toBeGreaterThan(10)
    expect(fix).toMatch(/^[A-Z{].*[.?]$/s)
    expect(error.message).toContain(what)
    expect(error.message).toContain(fix)
  }
  return error
}

describe('a configuration with five mistakes', () => {
  it('gives one error that lists all five, each with the handler or option and the fix', async () => {
    const error = await startOf({
      handlers: [ShopNotes, OtherNotes, Counter, handle(Pay, () => undefined)],
      concurency: 5,
      stopTimeout: 30,
      transport: 'memory:',
    })
    expect(error.problems).toEqual([
      { what: 'options.concurency is no option', fix: 'Did you mean options.concurrency?' },
      {
        what: 'options.stopTimeout must be a duration such as "250ms", "5s", "10m", got 30',
        fix: 'Set options.stopTimeout to a duration such as "250ms", "5s", "10m".',
      },
      {
        what: expect.stringMatching(/^Two handlers for the command shop\.note at the endpoint "shop": ShopNotes.* and OtherNotes/) as string,
        fix: 'A command has one handler. Remove one, or make it an event.',
      },
      {
        what: expect.stringContaining('handles the command billing.pay at the endpoint "shop", and its route is "billing"') as string,
        fix: 'Add to the options here and of every sender: routes: { "billing.pay": "shop" }.',
      },
      {
        what: expect.stringMatching(/^Counter.*has constructor parameters, and the bus has no `container`/) as string,
        fix: 'Pass a container that makes it, or an instance: handlers: [new Counter(…)].',
      },
    ])
    expect(error.message).toMatch(/^the bus "shop" cannot start: 5 problems\n {2}1\. .*\n {2}5\. .*\(WAYBILL_CONFIGURATION\)$/s)
  })

  it('is the same at every start', async () => {
    const options = { handlers: [ShopNotes, OtherNotes], concurency: 5 }
    expect((await startOf(options)).message).toBe((await startOf(options)).message)
  })

  it('names the transport among them', async () => {
    const error = await startOf({ handlers: [ShopNotes, OtherNotes], transport: 'nosuch://broker' })
    expect(error.problems.map(({ what }) => what)).toEqual([expect.stringContaining('shop.note'), expect.stringContaining('npm install @waybill/nosuch')])
  })
})

describe('what is wrong with the options of a transport', () => {
  it('is an error of the transport where nothing else is wrong', async () => {
    const bus = createBus({ name: 'shop', transport: { kind: 'memory', nmae: 'orders' }, handlers: [] })
    await expect(bus.start()).rejects.toMatchObject({
      code: 'WAYBILL_MEMORY_OPTIONS',
      message: expect.stringMatching(/memory\.nmae is no option\n +Did you mean memory\.name\?/) as string,
    })
  })

  it('is one of the mistakes otherwise', async () => {
    const { problems } = await startOf({ transport: { kind: 'memory', nmae: 'orders' }, concurency: 1 })
    expect(problems).toEqual([
      { what: 'options.concurency is no option', fix: 'Did you mean options.concurrency?' },
      { what: expect.stringMatching(/memory\.nmae is no option\n {7,}.*Did you mean memory\.name\?/) as string, fix: 'Did you mean memory.name?' },
    ])
  })
})

interface Mistake {
  readonly mistake: string
  readonly options: Readonly<Record<string, unknown>>
  readonly what: string
  readonly fix: string
}

const handlers = [handle(Note, () => undefined)]

describe('one mistake', () => {
  it.each<Mistake>([
    { mistake: 'an unknown option', options: { handlers, rutes: {} }, what: 'options.rutes is no option', fix: 'Did you mean options.routes?' },
    { mistake: 'an unknown option far from any', options: { handlers, quantumMode: true }, what: 'options.quantumMode is no option', fix: 'Known: ' },
    {
      mistake: 'an unknown option of an endpoint',
      options: { endpoints: { 'shop.bulk': { handlers: [], shard: 2 } } },
      what: 'options.endpoints["shop.bulk"].shard is no option',
      fix: 'Did you mean options.endpoints["shop.bulk"].shards?',
    },
    {
      mistake: 'an unknown option of a retry',
      options: { handlers, retry: { imediate: 2 } },
      what: 'options.retry.imediate is no option',
      fix: 'Did you mean options.retry.immediate?',
    },
    { mistake: 'one handler listed twice', options: { handlers: [ShopNotes, ShopNotes] }, what: 'Two handlers for the command shop.note', fix: 'Remove one' },
    {
      mistake: 'two events with one id',
      options: { handlers: [on(Placed, { id: 'audit' }, () => undefined), on(Placed, { id: 'audit' }, () => undefined)] },
      what: 'have the id "audit"',
      fix: 'Give each its own { id }',
    },
    {
      mistake: 'a former id that another has',
      options: { handlers: [on(Placed, { id: 'a' }, () => undefined), on(Placed, { id: 'b', formerIds: ['a'] }, () => undefined)] },
      what: 'have the id "a"',
      fix: 'in formerIds list only names that nobody else has',
    },
    {
      mistake: 'a message instead of a handler',
      options: { handlers: [Note] },
      what: 'handlers[0] is the command "shop.note", which is a message',
      fix: 'List what handles it',
    },
    {
      mistake: 'a plain function',
      options: { handlers: [() => undefined] },
      what: 'handlers[0] is the function',
      fix: 'Say what it handles: handle(PlaceOrder, …)',
    },
    { mistake: 'an undecorated class', options: { handlers: [class Bare {}] }, what: 'Bare in handlers has no handler', fix: 'Decorate the class' },
    { mistake: 'undefined in the list', options: { handlers: [undefined] }, what: 'handlers[0] is undefined', fix: 'Its file and this one import each other' },
    { mistake: 'a list in the list', options: { handlers: [[ShopNotes]] }, what: 'handlers[0] is an array of 1', fix: 'Spread it' },
    { mistake: 'handlers that are no list', options: { handlers: ShopNotes }, what: 'options.handlers must be a list', fix: 'Set options.handlers to a list' },
    {
      mistake: 'a command without a route',
      options: { sends: [Refund] },
      what: 'refund is declared in `sends` and has no route',
      fix: 'routes: { "refund": "…" }',
    },
    {
      mistake: 'a command that is sent to itself and not handled',
      options: { handlers, sends: [class Other extends Command('shop.other', z.object({ id: z.string() })) {}] },
      what: 'an endpoint of this bus that has no handler for it',
      fix: 'Add a handler, or a route',
    },
    {
      mistake: 'ordered and unordered in one endpoint',
      options: { handlers: [on(Moved, { id: 'm' }, () => undefined), on(Placed, { id: 'p' }, () => undefined)] },
      what: 'shop.moved, which is ordered, and shop.placed, which is not',
      fix: 'Give one of them an endpoint of its own',
    },
    {
      mistake: 'a name with a space',
      options: { handlers: [on(Placed, { id: 'p' }, () => undefined)], name: 'my shop' },
      what: 'options.name must be a name of letters',
      fix: 'Set options.name',
    },
    { mistake: 'no name', options: { handlers, name: undefined }, what: 'options.name must be a name of letters', fix: 'Set options.name' },
    {
      mistake: 'a number where a duration belongs',
      options: { handlers, publishTimeout: 30 },
      what: 'options.publishTimeout must be a duration',
      fix: '"250ms", "5s", "10m"',
    },
    {
      mistake: 'a concurrency of 0',
      options: { handlers, concurrency: 0 },
      what: 'options.concurrency must be an integer from 1 to 10000, got 0',
      fix: 'Set options.concurrency',
    },
    { mistake: 'a body limit of 0', options: { handlers, maxBodyBytes: 0 }, what: 'options.maxBodyBytes must be an integer', fix: 'Set options.maxBodyBytes' },
    {
      mistake: 'a logger without debug',
      options: { handlers, logger: { info: console.info, warn: console.warn, error: console.error } },
      what: 'options.logger must be a logger with the methods trace, debug, info, warn, error',
      fix: 'Set options.logger',
    },
    {
      mistake: 'a container that makes nothing',
      options: { handlers, container: {} },
      what: 'options.container must be a container with the method get',
      fix: 'Set options.container',
    },
    {
      mistake: 'a name that belongs to dead letters',
      options: { name: 'shop.dead-letter', handlers: [on(Placed, { id: 'p' }, () => undefined)] },
      what: 'options.name must be a name of letters',
      fix: 'none that ends in ".dead-letter"',
    },
    {
      mistake: 'an endpoint with a name that belongs to dead letters',
      options: { endpoints: { 'shop.dead-letter': { handlers: [on(Placed, { id: 'p' }, () => undefined)] } } },
      what: 'options.endpoints["shop.dead-letter"] names an endpoint',
      fix: 'none that ends in ".dead-letter"',
    },
    {
      mistake: 'a middleware factory that was not called',
      options: { handlers, middleware: [() => ({ name: 'x' })] },
      what: 'options.middleware[0] is',
      fix: 'Did you forget to call a factory?',
    },
    {
      mistake: 'a middleware with an unknown step',
      options: { handlers, middleware: [{ name: 'zip', incoming: { wires: () => undefined } }] },
      what: 'options.middleware[0].incoming.wires is no option',
      fix: 'Did you mean options.middleware[0].incoming.wire?',
    },
    {
      mistake: 'a wire step on an endpoint',
      options: {
        endpoints: {
          'shop.bulk': { handlers: [on(Placed, { id: 'p' }, () => undefined)], middleware: [{ name: 'zip', incoming: { wire: () => undefined } }] },
        },
      },
      what: '("zip") has steps that only the whole bus can run',
      fix: 'Move it to the middleware of the bus',
    },
    {
      mistake: 'a route to no endpoint',
      options: { handlers, routes: { 'billing.*': 'a b' } },
      what: 'options.routes["billing.*"] is "a b"',
      fix: 'Name an endpoint',
    },
    {
      mistake: 'a sends entry that is no message',
      options: { handlers, sends: [ShopNotes] },
      what: 'options.sends[0] is ShopNotes, which is no message class',
      fix: 'List classes made by Command()',
    },
    {
      mistake: 'a transport that is no URL',
      options: { handlers, transport: 'localhost' },
      what: 'transport is "localhost", which is no URL',
      fix: 'Write scheme and address',
    },
    { mistake: 'a transport that is a number', options: { handlers, transport: 5672 }, what: 'transport is 5672', fix: 'Pass a URL' },
    {
      mistake: 'a transport kind that is no name',
      options: { handlers, transport: { kind: '../evil' } },
      what: 'the transport\'s kind is "../evil"',
      fix: 'Use the name of a package',
    },
    {
      mistake: 'an endpoint with the name of the bus',
      options: { handlers, endpoints: { shop: { handlers: [] } } },
      what: 'options.endpoints has "shop"',
      fix: 'Move its handlers to `handlers`',
    },
  ])('$mistake is named with its fix', async ({ options, what, fix }) => {
    const { problems } = await startOf(options)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.what).toContain(what)
    expect(problems[0]?.fix).toContain(fix)
  })

  it('keeps a password out of the message', async () => {
    const error = await startOf({ handlers, transport: 'amqp://user:s3cret@:bad:port' })
    expect(error.message).not.toContain('s3cret')
  })

  it('is not looked for before start: making a bus never throws', () => {
    expect(() => createBus({ name: '', rutes: 1 } as unknown as BusOptions)).not.toThrow()
  })

  it.each([
    { options: undefined, quoted: 'undefined' },
    { options: null, quoted: 'null' },
    { options: 'shop', quoted: '"shop"' },
  ])('is no bus at all: options that are $quoted', ({ options, quoted }) => {
    const make = (): unknown => createBus(options as unknown as BusOptions)
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(`createBus was given ${quoted}\n     Pass { name, handlers, … }.`)
  })
})
