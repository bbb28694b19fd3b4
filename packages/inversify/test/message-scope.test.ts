import 'reflect-metadata'
import { Command, CommandHandler, createBus, Event, EventHandler, NoMessageContextError, Query, QueryHandler, type Bus, type Middleware } from '@waybill/core'
import { Container, ContainerModule, inject, injectable } from 'inversify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inversifyContainer, messageScope } from '../src/index.js'
import { handled } from './handled.js'
import { silent } from './silent.js'

class Work extends Command('scope.work', z.object({ name: z.string() })) {}
class Worked extends Event('scope.worked', z.object({ name: z.string() })) {}
class Ask extends Query('scope.ask', z.object({ meet: z.boolean() }), { reply: z.object({ unit: z.number(), same: z.boolean() }) }) {}

let units = 0
const ended: number[] = []
beforeEach(() => {
  units = 0
  ended.length = 0
})

@injectable()
class UnitOfWork {
  readonly number = (units += 1)
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve()
    ended.push(this.number)
  }
}

@injectable()
class Repository {
  constructor(readonly unit: UnitOfWork) {}
}

const buses: Bus[] = []
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()))
})

async function started(handlers: (new (...parameters: never[]) => object)[], container: Container, middleware: Middleware[] = []): Promise<Bus> {
  const bus = createBus({
    name: 'scope',
    transport: 'memory:',
    handlers,
    middleware,
    container: inversifyContainer(container),
    retry: { immediate: 1, delayed: [] },
    logger: silent,
  })
  buses.push(bus)
  await bus.start()
  return bus
}

describe('messageScope', () => {
  it('gives one instance to everything that one message asks, and two to two messages at once', async () => {
    const both = meeting(2)
    @injectable()
    @QueryHandler(Ask)
    class AskHandler {
      constructor(
        private readonly unit: UnitOfWork,
        private readonly repository: Repository,
      ) {}
      async handle({ meet }: Ask): Promise<{ unit: number; same: boolean }> {
        if (meet) await both()
        return { unit: this.unit.number, same: this.repository.unit === this.unit }
      }
    }
    const container = new Container()
    container.bind(Repository).toSelf()
    messageScope(container).bind(UnitOfWork).toSelf()
    const bus = await started([AskHandler], container)
    const [a, b] = await Promise.all([bus.request(new Ask({ meet: true })), bus.request(new Ask({ meet: true }))])
    expect([a.same, b.same]).toEqual([true, true])
    expect(new Set([a.unit, b.unit]).size).toBe(2)
    expect(units).toBe(2)
  })

  it('gives middleware the instance that the handler gets', async () => {
    const container = new Container()
    const seen: UnitOfWork[] = []
    const transaction: Middleware = {
      name: 'transaction',
      incoming: {
        message(context, next) {
          seen.push(container.get(UnitOfWork))
          return next(context)
        },
      },
    }
    @injectable()
    @QueryHandler(Ask)
    class AskHandler {
      constructor(private readonly unit: UnitOfWork) {}
      handle(): { unit: number; same: boolean } {
        return { unit: this.unit.number, same: seen[0] === this.unit }
      }
    }
    messageScope(container).bind(UnitOfWork).toSelf()
    const bus = await started([AskHandler], container, [transaction])
    expect(await bus.request(new Ask({ meet: false }))).toEqual({ unit: 1, same: true })
  })

  it('makes another instance for each handler of an event and for each attempt', async () => {
    const seen: string[] = []
    let failures = 1
    @injectable()
    @EventHandler(Worked, { id: 'a-fails-once' })
    class FailsOnce {
      constructor(private readonly unit: UnitOfWork) {}
      handle(): void {
        seen.push(`once ${this.unit.number}`)
        if (failures-- > 0) throw new Error('once')
      }
    }
    @injectable()
    @EventHandler(Worked, { id: 'b-other' })
    class Other {
      constructor(private readonly unit: UnitOfWork) {}
      handle(): void {
        seen.push(`other ${this.unit.number}`)
      }
    }
    const container = new Container()
    messageScope(container).bind(UnitOfWork).toSelf()
    const bus = await started([FailsOnce, Other], container)
    const end = handled(2)
    await bus.publish(new Worked({ name: 'x' }))
    await end
    expect(seen).toEqual(['once 1', 'once 2', 'other 3'])
    expect(ended.toSorted()).toEqual([1, 2, 3])
  })

  it('disposes of the instances when the handler has ended, the last one made first', async () => {
    const order: string[] = []
    @injectable()
    class Session {
      [Symbol.dispose](): void {
        order.push('session')
      }
    }
    @injectable()
    class Transaction {
      constructor(readonly session: Session) {}
      async [Symbol.asyncDispose](): Promise<void> {
        await Promise.resolve()
        order.push('transaction')
      }
    }
    @injectable()
    @CommandHandler(Work)
    class WorkHandler {
      constructor(readonly transaction: Transaction) {}
      handle(): void {
        order.push('handled')
      }
    }
    const container = new Container()
    const scope = messageScope(container)
    scope.bind(Session).toSelf()
    scope.bind(Transaction).toSelf()
    const bus = await started([WorkHandler], container)
    const end = handled(1)
    await bus.send(new Work({ name: 'x' }))
    await end
    expect(order).toEqual(['handled', 'transaction', 'session'])
  })

  it('binds in a module, to another class, with a factory and to a value that is made later', async () => {
    const configured = Symbol('configured')
    const later = Symbol('later')
    const module = new ContainerModule((options) => {
      const scope = messageScope(options)
      scope.bind<{ unit: UnitOfWork }>('repository').to(Repository)
      scope.bind<string>(configured).toResolvedValue((unit: UnitOfWork) => `unit ${unit.number}`, [UnitOfWork])
      scope.bind<string>(later).toDynamicValue(async (resolution) => {
        await Promise.resolve()
        return `later ${resolution.get(UnitOfWork).number}`
      })
      scope.bind(UnitOfWork).toSelf()
    })
    const seen: unknown[] = []
    @injectable()
    @CommandHandler(Work)
    class WorkHandler {
      constructor(
        @inject('repository') private readonly repository: Repository,
        @inject(configured) private readonly text: string,
        @inject(later) private readonly made: string,
      ) {}
      handle(): void {
        seen.push(this.repository.unit.number, this.text, this.made)
      }
    }
    const container = new Container({ defaultScope: 'Singleton' })
    container.load(module)
    container.bind(WorkHandler).toSelf().inTransientScope()
    const bus = await started([WorkHandler], container)
    const first = handled(1)
    await bus.send(new Work({ name: 'x' }))
    await first
    const second = handled(1)
    await bus.send(new Work({ name: 'y' }))
    await second
    expect(seen).toEqual([1, 'unit 1', 'later 1', 2, 'unit 2', 'later 2'])
  })

  it('refuses to make an instance outside of a handler', () => {
    const container = new Container()
    messageScope(container).bind(UnitOfWork).toSelf()
    expect(() => container.get(UnitOfWork)).toThrow(NoMessageContextError)
    expect(() => container.get(UnitOfWork)).toThrow('UnitOfWork, bound in message scope, was used where no message is handled')
  })
})

/** Lets nobody go on before so many are there. */
function meeting(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let here = 0
  return () => {
    here += 1
    if (here === size) resolve()
    return promise
  }
}
