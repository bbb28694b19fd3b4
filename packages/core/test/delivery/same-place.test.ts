import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AnyBusOptions } from '../../src/bus/bus-options.js'
import { Command, createBus, Event, handle, on, type BusOptions, type HandlerEntry } from '../../src/index.js'
import { Note, Placed, Shipped, world } from '../support/service.js'

const data = z.object({ key: z.string() })
class Moved extends Event('depot.moved', data, { key: 'key', ordered: true, topic: 'depot' }) {}
class Seen extends Event('depot.seen', data, { topic: 'depot' }) {}
class Load extends Command('depot.load', data, { key: 'key', ordered: true }) {}
class Look extends Command('depot.look', data) {}

async function problemsOf(options: Partial<AnyBusOptions>): Promise<string> {
  const bus = createBus({ name: 'shop', transport: 'memory:', ...options } as BusOptions<HandlerEntry>)
  const error = await bus.start().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  await bus.stop()
  return error instanceof Error ? error.message : ''
}

describe('a start refuses', () => {
  it('ordered and unordered types on one topic, sent or handled', async () => {
    const text = '"depot"'
    expect(await problemsOf({ sends: [Moved, Seen] })).toContain(`both go to the topic ${text}`)
    expect(
      await problemsOf({ handlers: [on(Moved, { id: 'm' }, () => undefined)], endpoints: { other: { handlers: [on(Seen, { id: 's' }, () => undefined)] } } }),
    ).toContain(`depot.moved, which is ordered, and depot.seen, which is not, both go to the topic ${text}`)
  })

  it('ordered and unordered commands for one endpoint of another service', async () => {
    expect(await problemsOf({ sends: [Load, Look] })).toContain('depot.load, which is ordered, and depot.look, which is not, both go to the endpoint "depot"')
    expect(await problemsOf({ sends: [Load, Look], routes: { 'depot.look': 'looks' } })).toBe('')
  })

  it('a type that is sent with another order than it is handled with', async () => {
    class Again extends Event('depot.moved', data, { topic: 'depot' }) {}
    expect(await problemsOf({ sends: [Again], handlers: [on(Moved, { id: 'm' }, () => undefined)] })).toContain('the type has two declarations')
  })
})

describe('two endpoints of one bus', () => {
  it('whose handlers have one id and send the same, send two messages', async () => {
    const w = world()
    const ids: string[] = []
    const shipping = on(Placed, { id: 'ship' }, ({ id }, context) => context.publish(new Shipped({ id })))
    const bus = await w.bus({
      handlers: [shipping, handle(Note, () => undefined)],
      endpoints: { second: { handlers: [shipping] }, third: { handlers: [on(Shipped, { id: 's' }, (_, { id }) => void ids.push(id))] } },
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(2)
  })
})
