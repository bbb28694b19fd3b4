import { describe, expect, it } from 'vitest'
import { handle, on, type Middleware } from '../../src/index.js'
import { memoryInbox } from '../../src/memory/index.js'
import { standardPipeline } from '../../src/middleware.js'
import { crashAt } from '../../src/runtime/index.js'
import { Note, Placed, world } from '../support/service.js'

const done = { ready: 0, unsettled: 0, delayed: 0 }

describe('a step of your own between idempotency and flush-outgoing', () => {
  it('that accepts without calling the handler has sent its messages before the row is marked', async () => {
    const w = world()
    const inbox = memoryInbox()
    const arrived: string[] = []
    await w.bus({ name: 'mail', handlers: [on(Placed, { id: 'p' }, ({ id }) => void arrived.push(id))] })
    const early: Middleware = {
      name: 'early',
      incoming: {
        async message(context) {
          await context.publish(new Placed({ id: 'told' }))
          return { outcome: 'accepted' }
        },
      },
    }
    const bus = await w.bus({
      pipeline: standardPipeline().after('idempotency', early),
      stores: { inbox },
      sends: [Placed],
      handlers: [handle(Note, () => undefined)],
    })
    const crash = crashAt('after-mark')
    await bus.send(new Note({ id: 'a' }))
    await w.clock.settle()
    await crash.reached
    expect(inbox.rows()).toMatchObject([{ state: 'done' }])
    expect(arrived).toEqual(['told'])
  })

  it('that forgets its result has failed: the row goes back, and the message stays', async () => {
    const w = world()
    const inbox = memoryInbox()
    let runs = 0
    const sloppy = {
      name: 'sloppy',
      incoming: {
        async message(context: never, next: (context: never) => Promise<unknown>) {
          await next(context)
        },
      },
    } as unknown as Middleware
    const bus = await w.bus({
      pipeline: standardPipeline({ recover: { immediate: 1, delayed: [] } }).after('idempotency', sloppy),
      stores: { inbox },
      handlers: [
        handle(Note, () => {
          runs += 1
        }),
      ],
    })
    await bus.send(new Note({ id: 'a' }), { id: 'note-1' })
    await w.clock.advance(60_000)
    expect(runs).toBe(2)
    expect(w.deadLetters().map(({ id }) => id)).toEqual(['note-1'])
    expect(inbox.rows()).toEqual([])
    expect(w.broker.depth('shop')).toEqual(done)
  })
})
