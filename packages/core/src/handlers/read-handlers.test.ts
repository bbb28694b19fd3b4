import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HandlerDeclarationError, type Problem } from '../errors/index.js'
import { Command, Document, Event, Query } from '../messages/index.js'
import { CommandHandler, described, EventHandler, findDuplicates, handle, on, QueryHandler, readHandlers, type HandlerRecord } from './index.js'

class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.string() }), { reply: z.object({ total: z.number() }) }) {}
class GetOrder extends Query('orders.get-order', z.object({}), { reply: z.string() }) {}
class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.string() })) {}
class OrderShipped extends Event('orders.order-shipped', z.object({ orderId: z.string() })) {}
class Scan extends Document('scans.scan') {}

const place = handle(PlaceOrder, () => ({ total: 1 }))
const read = (...entries: unknown[]): { records: HandlerRecord[]; problems: Problem[] } => {
  const problems: Problem[] = []
  return { records: readHandlers(entries, problems), problems }
}

describe('a function handler', () => {
  it('has the id of its message, or the one that it is given', () => {
    const { records, problems } = read(
      place,
      handle(GetOrder, { id: 'orders.find', timeout: '5s' }, () => 'x'),
      handle(Scan, (scan) => void scan.text()),
      on([OrderPlaced, OrderShipped], { id: 'audit', formerIds: ['log'] }, () => undefined),
    )
    expect(records.map(({ id, name, formerIds }) => ({ id, name, formerIds }))).toEqual([
      { id: 'orders.place-order', name: 'orders.place-order', formerIds: [] },
      { id: 'orders.find', name: 'orders.find', formerIds: [] },
      { id: 'scans.scan', name: 'scans.scan', formerIds: [] },
      { id: 'audit', name: 'audit', formerIds: ['log'] },
    ])
    expect(records[0]).toMatchObject({ classes: [PlaceOrder], entry: { kind: 'function', run: place.run } })
    expect(records[1]?.options).toEqual({ id: 'orders.find', timeout: '5s' })
    expect(records[3]?.contracts.map(({ type }) => type)).toEqual(['orders.order-placed', 'orders.order-shipped'])
    expect(records[0]?.where).toMatch(/^src\/handlers\/read-handlers\.test\.ts:\d+$/)
    expect(described(records[3] as HandlerRecord)).toMatch(/^audit \(src\/handlers\/read-handlers\.test\.ts:\d+\)$/)
    expect(problems).toEqual([])
  })

  it.each([
    [() => on(OrderPlaced, {} as never, () => undefined), 'on(OrderPlaced, …) has no id, and a function has no stable name'],
    [() => on(OrderPlaced, null as never, () => undefined), 'has no id'],
    [() => on(OrderPlaced, (() => undefined) as never, undefined as never), 'has no id'],
    [() => on([], { id: 'x' }, () => undefined), 'names no event'],
    [() => on([OrderPlaced, OrderPlaced], { id: 'x' }, () => undefined), 'names OrderPlaced twice'],
    [
      () => on(PlaceOrder as never, { id: 'x' }, () => undefined),
      'on(PlaceOrder, …) was given PlaceOrder, which is a command ("orders.place-order"). Use handle(…)',
    ],
    [() => on(undefined as never, { id: 'x' }, () => undefined), 'was given undefined: the files'],
    [() => on(OrderPlaced, { id: 'x' }, undefined as never), 'was given undefined, which is no function'],
    [() => on(OrderPlaced, { id: 'x', retries: 5 } as never, () => undefined), 'on(OrderPlaced, …).retries is no option'],
    [
      () => handle(OrderPlaced as never, () => undefined as never),
      'handle(OrderPlaced, …) was given OrderPlaced, which is an event ("orders.order-placed"). Use on(…)',
    ],
    [() => handle(5 as never, () => undefined as never), 'was given 5, which is no message class'],
    [() => handle(PlaceOrder, { retry: { immediate: -1 } }, () => ({ total: 1 })), 'handle(PlaceOrder, …).retry.immediate must be'],
  ])('is refused where it is written wrongly: %#', (make, text) => {
    expect(make).toThrow(HandlerDeclarationError)
    expect(make).toThrow(text)
  })
})

describe('the list of handlers', () => {
  it.each([
    [undefined, 'handlers[0] is undefined.', /import each other/],
    [null, 'handlers[0] is null.', /List classes/],
    [5, 'handlers[0] is 5.', /List classes/],
    ['PlaceOrder', 'handlers[0] is "PlaceOrder".', /List classes/],
    [[place], 'handlers[0] is an array of 1.', /Spread it/],
    [() => undefined, 'handlers[0] is the function a function.', /handle\(PlaceOrder/],
    [OrderPlaced, 'handlers[0] is the event "orders.order-placed", which is a message.', /List what handles it/],
    [new OrderPlaced({ orderId: 'x' }), 'handlers[0] is the event "orders.order-placed", which is a message.', /List what handles it/],
    [class Nothing {}, 'Nothing in handlers has no handler.', /Decorate the class/],
    [new (class Nothing {})(), 'Nothing in handlers has no handler.', /Decorate the class/],
    [{}, 'An object in handlers has no handler.', /Decorate the class/],
    [Object.create(null), 'An object in handlers has no handler.', /Decorate the class/],
  ])('takes no %o', (entry, what, fix) => {
    const { records, problems } = read(entry)
    expect(records).toEqual([])
    expect(problems).toEqual([{ what, fix: expect.stringMatching(fix) as string }])
  })

  it('refuses an event handler whose class looks minified, unless it has an id', () => {
    class t {
      @EventHandler(OrderPlaced) on(): void {}
      @EventHandler(OrderPlaced, { id: 'billing.invoice' }) invoice(): void {}
      @CommandHandler(PlaceOrder) place(): { total: number } {
        return { total: 1 }
      }
    }
    const { problems } = read(t)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.what).toMatch(
      /^Handler id "t\.on" for orders\.order-placed \(src\/handlers\/read-handlers\.test\.ts:\d+\) looks minified, and ids must be stable: they name rows and dead letters\.$/,
    )
    expect(problems[0]?.fix).toBe("Give it one: @EventHandler(OrderPlaced, { id: 'billing.invoice' }).")
  })

  it.each(['', 'a', 'aB', '$', '_x1', 'abc', 'aBc', '$Bc'])('takes the class name %j for minified', (name) => {
    @EventHandler(OrderPlaced)
    class Named {
      handle(): void {}
    }
    Object.defineProperty(Named, 'name', { value: name })
    expect(read(Named).problems[0]?.what).toContain('looks minified')
  })

  it.each(['Tax', 'Log', 'Billing', 'abcd'])('takes the class name %j for a name', (name) => {
    @EventHandler(OrderPlaced)
    class Named {
      handle(): void {}
    }
    Object.defineProperty(Named, 'name', { value: name })
    expect(read(Named)).toMatchObject({ problems: [], records: [{ id: name }] })
  })

  it('refuses a default id that cannot travel', () => {
    @EventHandler(OrderPlaced)
    class Überweisung {
      handle(): void {}
    }
    const symbol = Symbol('on')
    class Symbolic {
      @EventHandler(OrderPlaced) [symbol](): void {}
    }
    expect(read(Überweisung).problems[0]?.what).toContain('"Überweisung"')
    expect(read(Symbolic).problems[0]?.what).toContain('cannot travel in a header')
  })

  it('refuses an instance that lacks the method', () => {
    @EventHandler(OrderPlaced)
    class Broken {
      handle(): void {}
    }
    const broken = Object.assign(new Broken(), { handle: 5 })
    expect(read(broken).problems[0]?.what).toBe('Broken has no method "handle".')
  })

  it('counts the parameters of the constructor, also of an inherited one', () => {
    class Base {
      constructor(readonly store: object) {}
      @QueryHandler(GetOrder) get(): string {
        return 'x'
      }
    }
    class Inherited extends Base {}
    class Own extends Base {
      constructor() {
        super({})
      }
    }
    const parameters = (entry: unknown): unknown =>
      read(entry).records.map(({ entry: { kind, ...rest } }) => kind === 'class' && 'parameters' in rest && rest.parameters)
    expect([parameters(Base), parameters(Inherited), parameters(Own)]).toEqual([[1], [1], [0]])
  })
})

describe('duplicates', () => {
  const duplicates = (...entries: unknown[]): Problem[] => {
    const { records, problems } = read(...entries)
    findDuplicates(records, 'orders', problems)
    return problems
  }
  class Orders {
    @CommandHandler(PlaceOrder) place(): { total: number } {
      return { total: 1 }
    }
    @EventHandler(OrderPlaced) placed(): void {}
  }

  it('are none where an event has many handlers', () => {
    expect(
      duplicates(
        Orders,
        on(OrderPlaced, { id: 'a' }, () => undefined),
        on([OrderPlaced, OrderShipped], { id: 'b' }, () => undefined),
      ),
    ).toEqual([])
  })

  it('are two handlers of one command, with their places', () => {
    const [problem, ...rest] = duplicates(Orders, place)
    expect(problem?.what).toMatch(
      /^Two handlers for the command orders\.place-order at the endpoint "orders": Orders\.place \(src\/handlers\/read-handlers\.test\.ts:\d+\) and orders\.place-order \(src\/handlers\/read-handlers\.test\.ts:\d+\)\.$/,
    )
    expect(problem?.fix).toBe('A command has one handler. Remove one, or make it an event.')
    expect(rest).toEqual([])
  })

  it('are three handlers of one query, whatever their ids', () => {
    const find = (id: string): unknown => handle(GetOrder, { id }, () => 'x')
    const problems = duplicates(find('a'), find('b'), find('c'))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.what).toMatch(/^3 handlers for the query orders\.get-order .*: a \(.*\), b \(.*\) and c \(.*\)\.$/)
    expect(problems[0]?.fix).toBe('A query has one handler. Remove all but one.')
  })

  it('are a class that is listed twice', () => {
    const problems = duplicates(Orders, Orders)
    expect(problems.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^Two handlers for the command orders\.place-order .*Orders\.place \(.*\), listed twice\.$/),
      expect.stringMatching(/^Two handlers of the endpoint "orders" have the id "Orders\.placed": Orders\.placed \(.*\), listed twice\.$/),
    ])
  })

  it('are ids and former ids that another has', () => {
    const listen = (id: string, ...formerIds: string[]): unknown => on(OrderPlaced, { id, formerIds }, () => undefined)
    expect(duplicates(listen('a'), listen('a'))[0]?.what).toContain('have the id "a"')
    expect(duplicates(listen('a'), listen('b', 'a'))[0]?.what).toContain('have the id "a"')
    expect(duplicates(listen('a', 'x'), listen('b', 'x'))[0]?.what).toContain('have the id "x"')
    expect(duplicates(listen('a', 'a'), listen('b', 'x'))).toEqual([])
  })

  it('are two classes that declare one type', () => {
    class Other extends Event('orders.order-placed', z.object({})) {}
    const [problem] = duplicates(
      on(OrderPlaced, { id: 'a' }, () => undefined),
      on(Other, { id: 'b' }, () => undefined),
    )
    expect(problem?.what).toBe('The type "orders.order-placed" is declared by 2 classes: OrderPlaced and Other.')
  })
})
