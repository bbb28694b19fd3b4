import 'reflect-metadata'
import {
  Bus,
  Command,
  CommandHandler,
  contextKey,
  createBus,
  currentContext,
  Event,
  EventHandler,
  MessageContext,
  NoMessageContextError,
  Query,
  QueryHandler,
  RemoteError,
  type Middleware,
} from '@waybill/core'
import { Container, injectable } from 'inversify'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inversifyContainer } from '../src/index.js'
import { handled } from './handled.js'
import { silent } from './silent.js'

class Add extends Command('sums.add', z.object({ by: z.number() }), { reply: z.object({ sum: z.number() }) }) {}
class Added extends Event('sums.added', z.object({ sum: z.number() })) {}
class WhoAmI extends Query('sums.who-am-i', z.object({ name: z.string() }), { reply: z.object({ id: z.string(), name: z.string(), attempt: z.number() }) }) {}

@injectable()
class Sums {
  sum = 0
}

const buses: Bus[] = []
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()))
})

async function started(bus: Bus): Promise<Bus> {
  buses.push(bus)
  await bus.start()
  return bus
}

describe('inversifyContainer', () => {
  it('makes handlers with their dependencies, bound or not', async () => {
    @injectable()
    @CommandHandler(Add)
    class AddHandler {
      constructor(private readonly sums: Sums) {}
      handle({ by }: Add): { sum: number } {
        this.sums.sum += by
        return { sum: this.sums.sum }
      }
    }
    const container = new Container()
    container.bind(Sums).toSelf().inSingletonScope()
    const bus = await started(createBus({ name: 'sums', transport: 'memory:', handlers: [AddHandler], container: inversifyContainer(container) }))
    await bus.request(new Add({ by: 2 }))
    expect(await bus.request(new Add({ by: 3 }))).toEqual({ sum: 5 })
  })

  it('leaves the binding of a handler that has one as it is', async () => {
    let made = 0
    @injectable()
    @CommandHandler(Add)
    class AddHandler {
      constructor(_sums: Sums) {
        made += 1
      }
      handle(): { sum: number } {
        return { sum: made }
      }
    }
    const container = new Container()
    container.bind(Sums).toSelf()
    container.bind(AddHandler).toSelf().inSingletonScope()
    const bus = await started(createBus({ name: 'sums', transport: 'memory:', handlers: [AddHandler], container: inversifyContainer(container) }))
    await bus.request(new Add({ by: 1 }))
    expect(await bus.request(new Add({ by: 1 }))).toEqual({ sum: 1 })
  })

  it('injects the bus, without a cycle, and holds what is sent through it', async () => {
    const seen: number[] = []
    @injectable()
    class Adder {
      @CommandHandler(Add)
      async add({ by }: Add): Promise<{ sum: number }> {
        await this.bus.publish(new Added({ sum: by }))
        if (by < 0) throw new Error('below zero')
        return { sum: by }
      }
      constructor(private readonly bus: Bus) {}
    }
    @injectable()
    @EventHandler(Added)
    class Seen {
      constructor(readonly bus: Bus) {}
      handle({ sum }: Added): void {
        seen.push(sum)
      }
    }
    const container = new Container()
    const bus = await started(
      createBus({
        name: 'sums',
        transport: 'memory:',
        handlers: [Adder, Seen],
        container: inversifyContainer(container),
        retry: { immediate: 0, delayed: [] },
        logger: silent,
      }),
    )
    expect(container.get(Bus)).toBe(bus)
    await expect(bus.request(new Add({ by: -1 }))).rejects.toThrow(RemoteError)
    // The command and the event.
    const end = handled(2)
    await bus.request(new Add({ by: 1 }))
    await end
    expect(seen).toEqual([1])
  })

  it('injects the context of the message, also into a singleton', async () => {
    const Caller = contextKey<string>('caller')
    const caller: Middleware = {
      name: 'caller',
      incoming: {
        message(context, next) {
          if (context.message instanceof WhoAmI) context.set(Caller, context.message.name)
          return next(context)
        },
      },
    }
    @injectable()
    class Described {
      constructor(private readonly context: MessageContext) {}
      describe(): { id: string; name: string; attempt: number } {
        return { id: this.context.id, name: this.context.get(Caller), attempt: this.context.attempt }
      }
    }
    @injectable()
    @QueryHandler(WhoAmI)
    class WhoAmIHandler {
      constructor(private readonly described: Described) {}
      async handle(query: WhoAmI): Promise<{ id: string; name: string; attempt: number }> {
        await Promise.resolve()
        return { ...this.described.describe(), name: `${query.name}=${this.described.describe().name}` }
      }
    }
    const container = new Container({ defaultScope: 'Singleton' })
    container.bind(Described).toSelf()
    const bus = await started(
      createBus({ name: 'sums', transport: 'memory:', handlers: [WhoAmIHandler], middleware: [caller], container: inversifyContainer(container) }),
    )
    const [a, b] = await Promise.all([bus.request(new WhoAmI({ name: 'a' }), { id: 'id-a' }), bus.request(new WhoAmI({ name: 'b' }), { id: 'id-b' })])
    expect([a, b]).toEqual([
      { id: 'id-a', name: 'a=a', attempt: 1 },
      { id: 'id-b', name: 'b=b', attempt: 1 },
    ])
  })

  it('gives the injected context everything that the context itself has', async () => {
    const names = [
      'stage',
      'message',
      'id',
      'type',
      'source',
      'headers',
      'correlationId',
      'causationId',
      'key',
      'time',
      'endpoint',
      'handler',
      'attempt',
      'signal',
    ] as const
    const Mark = contextKey<string>('mark')
    @injectable()
    @CommandHandler(Add)
    class AddHandler {
      constructor(private readonly injected: MessageContext) {}
      async handle({ by }: Add, context: MessageContext): Promise<{ sum: number }> {
        this.injected.set(Mark, 'set')
        expect(context.get(Mark)).toBe('set')
        expect(this.injected.find(Mark)).toBe('set')
        for (const name of names) expect(this.injected[name]).toBe(context[name])
        expect(currentContext()).toBe(context)
        if (by === 1) await this.injected.send(new Add({ by: 2 }))
        return { sum: by }
      }
    }
    const bus = await started(
      createBus({ name: 'sums', transport: 'memory:', handlers: [AddHandler], container: inversifyContainer(new Container()), retry: { immediate: 0 } }),
    )
    expect(await bus.request(new Add({ by: 1 }))).toEqual({ sum: 1 })
  })

  it('says where the injected context was used outside of a handler', async () => {
    const container = new Container()
    inversifyContainer(container)
    const context = container.get(MessageContext)
    expect(() => context.id).toThrow(NoMessageContextError)
    await expect(context.publish(new Added({ sum: 1 }))).rejects.toThrow('An injected MessageContext was used where no message is handled')
    await expect(context.send(new Add({ by: 1 }))).rejects.toThrow(NoMessageContextError)
    await expect(context.request(new Add({ by: 1 }))).rejects.toThrow(NoMessageContextError)
  })

  it('waits for asynchronous dependencies', async () => {
    @injectable()
    @CommandHandler(Add)
    class AddHandler {
      constructor(private readonly sums: Sums) {}
      handle({ by }: Add): { sum: number } {
        return { sum: this.sums.sum + by }
      }
    }
    const container = new Container()
    container
      .bind(Sums)
      .toDynamicValue(async () => {
        await Promise.resolve()
        return Object.assign(new Sums(), { sum: 40 })
      })
      .inSingletonScope()
    const bus = await started(createBus({ name: 'sums', transport: 'memory:', handlers: [AddHandler], container: inversifyContainer(container) }))
    expect(await bus.request(new Add({ by: 2 }))).toEqual({ sum: 42 })
  })

  it('refuses a container that serves another bus, and takes one below it', () => {
    const shared = new Container()
    const first = createBus({ name: 'first', transport: 'memory:', handlers: [], container: inversifyContainer(shared) })
    expect(() => createBus({ name: 'second', transport: 'memory:', handlers: [], container: inversifyContainer(shared) })).toThrow(
      'Give each bus a container of its own: new Container({ parent: shared })',
    )
    const own = new Container({ parent: shared })
    const third = createBus({ name: 'third', transport: 'memory:', handlers: [], container: inversifyContainer(own) })
    expect([shared.get(Bus), own.get(Bus)]).toEqual([first, third])
  })

  it('takes a container again when the bus that had it is stopped', async () => {
    const container = new Container()
    const first = createBus({ name: 'first', transport: 'memory:', handlers: [], container: inversifyContainer(container) })
    await first.start()
    await first.stop()
    const second = createBus({ name: 'second', transport: 'memory:', handlers: [], container: inversifyContainer(container) })
    expect(container.get(Bus)).toBe(second)
  })

  it("is not needed where only constructors are injected: inversify's container fits as it is", async () => {
    @injectable()
    @CommandHandler(Add)
    class AddHandler {
      constructor(private readonly sums: Sums) {}
      handle({ by }: Add): { sum: number } {
        return { sum: this.sums.sum + by }
      }
    }
    const container = new Container()
    container.bind(Sums).toSelf()
    container.bind(AddHandler).toSelf()
    const bus = await started(createBus({ name: 'sums', transport: 'memory:', handlers: [AddHandler], container }))
    expect(await bus.request(new Add({ by: 2 }))).toEqual({ sum: 2 })
  })

  it('says what is missing when a dependency is not bound', async () => {
    abstract class Missing {}
    @injectable()
    @CommandHandler(Add)
    class AddHandler {
      constructor(_missing: Missing) {}
      handle(): { sum: number } {
        return { sum: 0 }
      }
    }
    const container = inversifyContainer(new Container())
    const bus = await started(createBus({ name: 'sums', transport: 'memory:', handlers: [AddHandler], container, logger: silent, retry: { immediate: 0 } }))
    await expect(bus.request(new Add({ by: 1 }))).rejects.toThrow('No bindings found for service: "Missing"')
  })

  it('leaves a bus that the container binds itself as it is', () => {
    const container = new Container()
    const fake = createBus({ name: 'fake', transport: 'memory:', handlers: [] })
    container.bind(Bus).toConstantValue(fake)
    createBus({ name: 'real', transport: 'memory:', handlers: [], container: inversifyContainer(container) })
    expect(container.get(Bus)).toBe(fake)
  })
})
