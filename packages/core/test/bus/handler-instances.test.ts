import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Command, CommandHandler, createBus, Query, QueryHandler } from '../../src/index.js'

class Count extends Command('counter.count', z.object({}), { reply: z.object({ count: z.number() }) }) {}
class GetCount extends Query('counter.get-count', z.object({}), { reply: z.object({ count: z.number() }) }) {}
class Peek extends Query('peek.count', z.object({}), { reply: z.object({ count: z.number() }) }) {}

class Counter {
  #count = 0

  @CommandHandler(Count)
  add() {
    this.#count += 1
    return { count: this.#count }
  }

  @QueryHandler(GetCount)
  read() {
    return { count: this.#count }
  }
}

class Peeking {
  peeks = 0

  @QueryHandler(Peek)
  peek() {
    this.peeks += 1
    return { count: this.peeks }
  }
}

describe('a handler class without a container', () => {
  it('has one instance for all its methods', async () => {
    const bus = createBus({ name: 'counter', handlers: [Counter], endpoints: { peek: { handlers: [Peeking] } } })
    await bus.start()
    await bus.request(new Count())
    await bus.request(new Count())
    expect(await bus.request(new GetCount())).toEqual({ count: 2 })
    expect(await bus.request(new Peek())).toEqual({ count: 1 })
    await bus.stop()
  })

  it('has one for each bus', async () => {
    const buses = [createBus({ name: 'counter', handlers: [Counter] }), createBus({ name: 'counter', handlers: [Counter] })]
    await Promise.all(buses.map((bus) => bus.start()))
    expect(await Promise.all(buses.map((bus) => bus.request(new Count())))).toEqual([{ count: 1 }, { count: 1 }])
    await Promise.all(buses.map((bus) => bus.stop()))
  })
})
