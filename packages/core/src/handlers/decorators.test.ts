// Runs once per form of decorators and compiler: see vitest.config.ts.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { MessageContext } from '../context/message-context.js'
import { ConfigurationError, HandlerDeclarationError, type Problem } from '../errors/index.js'
import { Command, Document, Event, Query } from '../messages/index.js'
import { CommandHandler, EventHandler, QueryHandler, readHandlers, type HandlerRecord } from './index.js'

const compiled = process.env['WAYBILL_DECORATORS'] ?? 'legacy, vitest'
const standard = compiled.startsWith('standard')

class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.string() }), { reply: z.object({ total: z.number() }) }) {}
class CancelOrder extends Command('orders.cancel-order', z.object({ orderId: z.string() })) {}
class GetOrder extends Query('orders.get-order', z.object({ orderId: z.string() }), { reply: z.string() }) {}
class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.string() })) {}
class OrderShipped extends Event('orders.order-shipped', z.object({ orderId: z.string() })) {}
class Scan extends Document('scans.scan') {}

/** The handlers of one entry, by id; there must be no problem. */
function read(entry: unknown): Record<string, HandlerRecord> {
  const problems: Problem[] = []
  const records = readHandlers([entry], problems)
  if (problems.length > 0) throw new ConfigurationError('the test', problems)
  return Object.fromEntries(records.map((record) => [record.id, record]))
}
/** Calls a handler as a bus would, on a new instance. */
function call(record: HandlerRecord | undefined, message: object): unknown {
  if (record === undefined || record.entry.kind === 'function') throw new Error('no such handler')
  const instance = record.entry.kind === 'class' ? new record.entry.type() : record.entry.instance
  return (Reflect.get(instance, record.entry.method) as (message: object, context: MessageContext) => unknown).call(instance, message, undefined as never)
}
const types = (record: HandlerRecord | undefined): string[] | undefined => record?.contracts.map(({ type }) => type)

describe(`decorators (${compiled})`, () => {
  it('make a handler of a class', () => {
    @CommandHandler(PlaceOrder, { timeout: '5s' })
    class PlaceOrderHandler {
      handle(command: PlaceOrder): { total: number } {
        return { total: command.orderId.length }
      }
    }
    const record = read(PlaceOrderHandler)['orders.place-order']
    expect(record).toMatchObject({
      name: 'PlaceOrderHandler',
      options: { timeout: '5s' },
      formerIds: [],
      classes: [PlaceOrder],
      entry: { kind: 'class', type: PlaceOrderHandler, method: 'handle', parameters: 0 },
    })
    expect(call(record, new PlaceOrder({ orderId: 'abc' }))).toEqual({ total: 3 })
    expect(read(new PlaceOrderHandler())['orders.place-order']?.entry.kind).toBe('instance')
  })

  it('make several handlers of the methods of a class, private ones too', () => {
    class Orders {
      @CommandHandler(PlaceOrder) place(): { total: number } {
        return { total: 1 }
      }
      @QueryHandler(GetOrder) get(query: GetOrder): string {
        return query.orderId
      }
      @EventHandler(OrderPlaced) private placed(event: OrderPlaced): void {
        void event
      }
      @EventHandler([OrderPlaced, OrderShipped], { id: 'orders.both', formerIds: ['orders.old'] }) both(_event: OrderPlaced | OrderShipped): void {}
      @CommandHandler(Scan) scan(scan: Scan): void {
        void scan.text()
      }
    }
    const records = read(Orders)
    expect(Object.keys(records).toSorted()).toEqual(['Orders.placed', 'orders.both', 'orders.get-order', 'orders.place-order', 'scans.scan'])
    expect(types(records['orders.both'])).toEqual(['orders.order-placed', 'orders.order-shipped'])
    expect(records['orders.both']?.formerIds).toEqual(['orders.old'])
    expect(records['orders.get-order']?.name).toBe('Orders.get')
    expect(call(records['orders.get-order'], new GetOrder({ orderId: 'x' }))).toBe('x')
  })

  it('may stand on a class whose handle is a field', () => {
    @EventHandler(OrderPlaced)
    class Arrow {
      handle = (event: OrderPlaced): void => void event
    }
    expect(call(read(Arrow)['Arrow'], new OrderPlaced({ orderId: 'x' }))).toBeUndefined()
  })

  it('may stand twice on one method or class', () => {
    class Both {
      @CommandHandler(CancelOrder) @EventHandler(OrderPlaced) two(_message: CancelOrder | OrderPlaced): void {}
    }
    @CommandHandler(CancelOrder)
    @EventHandler(OrderPlaced)
    class Whole {
      handle(_message: CancelOrder | OrderPlaced): void {}
    }
    expect(Object.keys(read(Both)).toSorted()).toEqual(['Both.two', 'orders.cancel-order'])
    expect(Object.keys(read(Whole)).toSorted()).toEqual(['Whole', 'orders.cancel-order'])
  })

  it('survive another decorator above them that returns a wrapper, and one below', () => {
    // oxlint-disable-next-line typescript/no-explicit-any -- one decorator for both forms
    const wrapped = (target: any, _key?: any, descriptor?: any): any => {
      const inner = (descriptor?.value ?? target) as (...given: unknown[]) => unknown
      const wrapper = function (this: unknown, ...given: unknown[]): unknown {
        return `wrapped ${String(inner.apply(this, given))}`
      }
      return descriptor === undefined ? wrapper : { ...descriptor, value: wrapper }
    }
    class Wrapped {
      @wrapped @QueryHandler(GetOrder) above(query: GetOrder): string {
        return query.orderId
      }
    }
    class Below {
      @QueryHandler(GetOrder) @wrapped below(query: GetOrder): string {
        return query.orderId
      }
    }
    for (const cls of [Wrapped, Below]) expect(call(read(cls)['orders.get-order'], new GetOrder({ orderId: 'x' }))).toBe('wrapped x')
  })

  it('survive a class decorator above them that returns a subclass', () => {
    // oxlint-disable-next-line typescript/no-explicit-any -- one decorator for both forms
    const extended = (target: any, _context?: any): any =>
      class Extended extends target {
        handle(query: GetOrder): string {
          return `extended ${(super.handle as (query: GetOrder) => string)(query)}`
        }
      }
    @extended
    @QueryHandler(GetOrder)
    class Inner {
      handle(query: GetOrder): string {
        return query.orderId
      }
    }
    expect(call(read(Inner)['orders.get-order'], new GetOrder({ orderId: 'x' }))).toBe('extended x')
  })

  describe('and inheritance', () => {
    abstract class Base {
      @EventHandler(OrderPlaced) on(event: OrderPlaced): string & void {
        return this.apply(event) as string & void
      }
      abstract apply(event: OrderPlaced): string
    }
    class First extends Base {
      apply(): string {
        return 'first'
      }
    }
    class Second extends Base {
      apply(): string {
        return 'second'
      }
    }

    it('give a subclass the handlers of its base, under its own name', () => {
      expect(Object.keys({ ...read(First), ...read(Second) })).toEqual(['First.on', 'Second.on'])
      expect(call(read(Second)['Second.on'], new OrderPlaced({ orderId: 'x' }))).toBe('second')
    })

    it('call an override that has no decorator', () => {
      class Overridden extends First {
        override on(): string & void {
          return 'overridden' as string & void
        }
      }
      expect(call(read(Overridden)['Overridden.on'], new OrderPlaced({ orderId: 'x' }))).toBe('overridden')
    })

    it('replace what the base said by the decorator of an override', () => {
      class Replaced extends First {
        @EventHandler(OrderShipped, { id: 'replaced' }) override on(): string & void {
          return 'replaced' as string & void
        }
      }
      expect(Object.keys(read(Replaced))).toEqual(['replaced'])
      expect(types(read(Replaced)['replaced'])).toEqual(['orders.order-shipped'])
      expect(Object.keys(read(First))).toEqual(['First.on'])
    })

    it('leave the base alone when a subclass adds a handler', () => {
      class More extends First {
        @EventHandler(OrderShipped) more(_event: OrderShipped): void {}
      }
      expect(Object.keys(read(More)).toSorted()).toEqual(['More.more', 'More.on'])
      expect(Object.keys(read(First))).toEqual(['First.on'])
    })

    it('pass a decorated class on to its subclass', () => {
      @CommandHandler(CancelOrder)
      class Cancel {
        handle(_command: CancelOrder): void {}
      }
      class Special extends Cancel {}
      expect(read(Special)['orders.cancel-order']).toMatchObject({ name: 'Special', entry: { type: Special } })
    })
  })

  it('know where they stand', () => {
    class Placed {
      @EventHandler(OrderPlaced) on(_event: OrderPlaced): void {}
    }
    expect(read(Placed)['Placed.on']?.where).toMatch(/src\/handlers\/decorators\.test\.ts:\d+$/)
  })

  describe('refuse', () => {
    const refusal = (define: () => unknown): string => {
      try {
        define()
      } catch (error) {
        expect(error).toBeInstanceOf(HandlerDeclarationError)
        return (error as Error).message
      }
      throw new Error('nothing was refused')
    }
    const never = undefined as unknown as typeof CancelOrder

    it('a message of the wrong kind, and name the right decorator', () => {
      const text = refusal(() => {
        @CommandHandler(OrderPlaced as unknown as typeof CancelOrder)
        class Wrong {
          handle(): void {}
        }
        return Wrong
      })
      expect(text).toContain('@CommandHandler on Wrong was given OrderPlaced, which is an event ("orders.order-placed"). Use @EventHandler')
    })

    it('undefined, which an import cycle leaves, and do not take it for no argument', () => {
      const text = refusal(() => {
        class Cycle {
          @CommandHandler(never) on(_command: CancelOrder): void {}
        }
        return Cycle
      })
      expect(text).toMatch(/@CommandHandler on .*on.* was given undefined: the files .* import each other/)
    })

    it('what is no message class', () => {
      for (const wrong of [5, 'orders.x', null, class {}, new OrderPlaced({ orderId: 'x' })]) {
        const text = refusal(() => {
          class Wrong {
            @EventHandler(wrong as never) on(): void {}
          }
          return Wrong
        })
        expect(text).toContain('which is no message class')
      }
    })

    it('an empty list', () => {
      const text = refusal(() => {
        class Empty {
          @EventHandler([]) on(): void {}
        }
        return Empty
      })
      expect(text).toContain('empty list')
    })

    it('an event that is named twice, which would be handled twice', () => {
      const text = refusal(() => {
        class Twice {
          @EventHandler([OrderPlaced, OrderPlaced], { id: 'billing.invoice' }) on(): void {}
        }
        return Twice
      })
      expect(text).toContain('names OrderPlaced twice. Name each message once')
    })

    it('a static method', () => {
      const text = refusal(() => {
        class Static {
          // @ts-expect-error the compiler refuses it too
          @EventHandler(OrderPlaced) static on(_event: OrderPlaced): void {}
        }
        return Static
      })
      expect(text).toMatch(/@EventHandler stands on .*on.*, which is static/)
    })

    it('a getter', () => {
      const text = refusal(() => {
        class Getter {
          // @ts-expect-error the compiler refuses it too
          @EventHandler(OrderPlaced) get on(): number {
            return 5
          }
        }
        return Getter
      })
      expect(text).toMatch(/@EventHandler stands on .*on.*, which is (?:no method|a getter)/)
    })

    it('options that are none', () => {
      const text = refusal(() => {
        @EventHandler(OrderPlaced, { timout: '5s', concurrency: 0, id: 'a b', formerIds: [5], use: 5, retry: { delayed: ['5 s'] } } as never)
        class Wrong {
          handle(_event: OrderPlaced): void {}
        }
        return Wrong
      })
      expect(text).toContain('Wrong.timout is no option')
      expect(text).toContain('Did you mean Wrong.timeout?')
      for (const name of ['concurrency', 'id', 'formerIds', 'use', 'retry.delayed']) expect(text).toContain(`Wrong.${name} must be`)
    })

    it('a factory of a step that is not called', () => {
      const text = refusal(() => {
        const audit = (): unknown => ({ name: 'audit' })
        @EventHandler(OrderPlaced, { use: [audit(), audit] } as never)
        class Wrong {
          handle(_event: OrderPlaced): void {}
        }
        return Wrong
      })
      expect(text).toContain('Wrong.use[1] is audit, which is no middleware. Pass')
      expect(text).toContain('Did you forget to call a factory?')
    })

    it('a class without its message', () => {
      const text = refusal(() => {
        // @ts-expect-error the compiler refuses it too
        @CommandHandler()
        class Inferred {
          handle(_command: PlaceOrder): void {}
        }
        return Inferred
      })
      expect(text).toContain('@CommandHandler() on the class Inferred has no message')
      expect(text).toContain('@CommandHandler(YourCommand) class Inferred { … }')
    })

    it('a method without its message where no types are emitted, and print the line to write', () => {
      const text = refusal(() => {
        class Inferred {
          @CommandHandler() place(_command: PlaceOrder): { total: number } {
            return { total: 1 }
          }
        }
        return Inferred
      })
      expect(text).toMatch(
        standard
          ? /@CommandHandler\(\) on place \(src\/handlers\/decorators\.test\.ts:\d+\) has no message/
          : /@CommandHandler\(\) on Inferred\.place has no message/,
      )
      expect(text).toContain('Write the message out: @CommandHandler(YourCommand) place(message: YourCommand) { … }')
    })
  })
})
