import { describe, expect, it } from 'vitest'
import { handle, on, type Middleware } from '../../src/index.js'
import { gate, Note, Placed, world } from '../support/service.js'

describe('a handler that has not started', () => {
  it('does not start when the lock was lost while it stood in the line of its own limit', async () => {
    const w = world()
    const slow = gate()
    const started: string[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, { concurrency: 1 }, async ({ id }) => {
          started.push(id)
          await slow.opened
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await bus.send(new Note({ id: '2' }))
    await w.clock.settle()
    w.broker.failConnections({ times: 1_000 })
    w.broker.cut()
    slow.open()
    await w.clock.settle()
    expect(started).toEqual(['1'])
  })

  it('does not start when the lock was lost while a middleware thought', async () => {
    const w = world()
    const slow = gate()
    let started = 0
    const slowly: Middleware = { name: 'slowly', incoming: { message: (context, next) => slow.opened.then(() => next(context)) } }
    const bus = await w.bus({ middleware: [slowly], handlers: [handle(Note, () => void (started += 1))] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    w.broker.failConnections({ times: 1_000 })
    w.broker.cut()
    slow.open()
    await w.clock.settle()
    expect(started).toBe(0)
    expect(w.broker.depth('shop')).toMatchObject({ ready: 1 })
  })

  it('goes back when the bus stops while it stands in the line of its own limit', async () => {
    const w = world()
    const slow = gate()
    const started: string[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, { concurrency: 1 }, async ({ id }) => {
          started.push(id)
          await slow.opened
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await bus.send(new Note({ id: '2' }))
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    slow.open()
    await stopped
    expect(started).toEqual(['1'])
    expect(w.broker.browse('shop').map(({ body }) => Buffer.from(body ?? []).toString())).toEqual(['{"id":"2"}'])
  })

  it('does not start after the deadline of the stop', async () => {
    const w = world()
    const slow = gate()
    let started = 0
    const slowly: Middleware = { name: 'slowly', incoming: { message: (context, next) => slow.opened.then(() => next(context)) } }
    const bus = await w.bus({ middleware: [slowly], stopTimeout: '1s', handlers: [handle(Note, () => void (started += 1))] })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.advance(1_000)
    await stopped
    slow.open()
    await w.clock.settle()
    expect(started).toBe(0)
  })

  it('is left for the redelivery when one before it is given back', async () => {
    const w = world()
    const runs: string[] = []
    const slow = gate()
    const bus = await w.bus({
      handlers: [
        on(Placed, { id: 'a' }, async () => {
          runs.push('a')
          await slow.opened
          throw new Error('because of the stop')
        }),
        on(Placed, { id: 'b' }, () => void runs.push('b')),
      ],
    })
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.settle()
    const stopped = bus.stop()
    await w.clock.settle()
    slow.open()
    await stopped
    expect(runs).toEqual(['a'])
    expect(w.broker.depth('shop')).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
  })
})
