import 'reflect-metadata'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HandlerDeclarationError, type Problem } from '../errors/index.js'
import { Command, Event, Query } from '../messages/index.js'
import { CommandHandler, EventHandler, QueryHandler, readHandlers } from './index.js'

class PlaceOrder extends Command('orders.place-order', z.object({ orderId: z.string() }), { reply: z.object({ total: z.number() }) }) {}
class GetOrder extends Query('orders.get-order', z.object({}), { reply: z.string() }) {}
class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.string() })) {}
class OrderShipped extends Event('orders.order-shipped', z.object({ orderId: z.string() })) {}

describe('a decorator without an argument, where types are emitted', () => {
  it('takes the message from the first parameter of the method', () => {
    class Orders {
      @CommandHandler() place(_command: PlaceOrder): { total: number } {
        return { total: 1 }
      }
      @QueryHandler() get(_query: GetOrder): string {
        return 'x'
      }
      @EventHandler() placed(_event: OrderPlaced): void {}
    }
    const problems: Problem[] = []
    expect(readHandlers([Orders], problems).map(({ id, classes }) => [id, classes])).toEqual([
      ['orders.place-order', [PlaceOrder]],
      ['orders.get-order', [GetOrder]],
      ['Orders.placed', [OrderPlaced]],
    ])
    expect(problems).toEqual([])
  })

  const refusal = (define: () => unknown): string => {
    try {
      define()
    } catch (error) {
      expect(error).toBeInstanceOf(HandlerDeclarationError)
      return (error as Error).message
    }
    throw new Error('nothing was refused')
  }

  it('refuses a parameter whose type is no class', () => {
    const text = refusal(() => {
      class Union {
        @EventHandler() on(_event: OrderPlaced | OrderShipped): void {}
      }
      return Union
    })
    expect(text).toContain('@EventHandler() on Union.on has no message, and the emitted type of its first parameter is Object')
    expect(text).toContain('Write the message out: @EventHandler(YourEvent) on(message: YourEvent) { … }')
  })

  it('refuses a method without a parameter', () => {
    const text = refusal(() => {
      class None {
        // @ts-expect-error the compiler refuses it too
        @CommandHandler() on(): void {}
      }
      return None
    })
    expect(text).toContain('@CommandHandler() on None.on has no message, and the method has no parameter')
  })

  it('refuses a message of another kind', () => {
    const text = refusal(() => {
      class Wrong {
        // @ts-expect-error the compiler refuses it too
        @CommandHandler() on(_event: OrderPlaced): void {}
      }
      return Wrong
    })
    expect(text).toContain('@CommandHandler on Wrong.on was given OrderPlaced, which is an event')
  })
})
