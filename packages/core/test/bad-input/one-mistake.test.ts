import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, CommandHandler, ConfigurationError, createBus, Event, handle, on, type BusOptions } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { Note, Placed } from '../support/service.js'
import { startOf } from './refused-start.js'

class ShopNotes {
  handle(): void {}
}
CommandHandler(Note)(ShopNotes)

class Refund extends Command('refund', z.object({ id: z.string() })) {}
class Moved extends Event('shop.moved', z.object({ id: z.string() }), { key: 'id', ordered: true }) {}

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
    {
      mistake: 'a factory of a store that is not called',
      options: { handlers, stores: { inbox: memoryInbox } },
      what: "options.stores.inbox must be an inbox store, with its durability ('process' or 'disk') and claim(), got the function memoryInbox",
      fix: 'Set options.stores.inbox to an inbox store',
    },
    {
      mistake: 'a factory of a pipeline that is not called',
      options: { handlers, pipeline: standardPipeline },
      what: 'or a list of its steps, got the function standardPipeline',
      fix: 'Set options.pipeline to a pipeline of standardPipeline()',
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
