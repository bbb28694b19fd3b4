import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CommandHandler, Document, Event, handle, on, UnrecoverableError, type Container } from '../../src/index.js'
import { Note, world } from '../support/service.js'

class Listed extends Event('shop.listed', z.object({ items: z.array(z.string()) })) {}
class Scan extends Document('shop.scan', { contentType: 'application/octet-stream' }) {}

describe('what a handler does to its message', () => {
  it('is not seen by its next attempt, by its siblings, nor in the dead letter', async () => {
    const w = world()
    const seen: string[] = []
    const spoil = (name: string) =>
      on(Listed, { id: name, retry: { immediate: 1, delayed: ['1s'] } }, ({ items }) => {
        seen.push(`${name} ${items.join()}`)
        items.push('spoiled')
        if (name === 'b') throw new Error('always')
      })
    const bus = await w.bus({ handlers: [spoil('a'), spoil('b'), spoil('c')] })
    await bus.publish(new Listed({ items: ['one'] }))
    await w.clock.advance(5_000)
    expect(seen.toSorted()).toEqual(['a one', 'b one', 'b one', 'b one', 'b one', 'c one'])
    expect(w.deadLetters()).toMatchObject([{ body: '{"items":["one"]}' }])
  })

  it('cannot be done to its headers: the attempt fails, and the others have them as they came', async () => {
    const w = world()
    const seen: (string | undefined)[] = []
    const bus = await w.bus({
      handlers: [
        on(Listed, { id: 'a', retry: { immediate: 1, delayed: [] } }, (_, { headers }) => {
          seen.push(headers['x-tag'])
          Object.assign(headers, { 'x-tag': 'spoiled' })
        }),
        on(Listed, { id: 'b' }, (_, { headers }) => void seen.push(headers['x-tag'])),
      ],
    })
    await bus.publish(new Listed({ items: [] }), { headers: { 'x-tag': 'blue' } })
    await w.clock.settle()
    expect(seen).toEqual(['blue', 'blue', 'blue'])
    expect(w.deadLetters()).toMatchObject([{ handler: 'a' }])
  })

  it('is not seen either where it writes into the bytes of a document', async () => {
    const w = world()
    const seen: number[][] = []
    const bus = await w.bus({
      handlers: [
        handle(Scan, { retry: { immediate: 1, delayed: ['1s'] } }, ({ body }) => {
          seen.push([...body])
          body.fill(9)
          throw new Error('always')
        }),
      ],
    })
    await bus.send(new Scan(new Uint8Array([1, 2, 3])))
    await w.clock.advance(5_000)
    expect(seen).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ])
    expect([...(w.broker.deadLetters('shop')[0]?.body ?? [])]).toEqual([1, 2, 3])
  })
})

describe('a handler from a container', () => {
  @CommandHandler(Note)
  class NoteHandler {
    constructor(readonly store: object) {}
    handle(_: Note): void {}
  }
  const service = async (container: Container) => {
    const w = world()
    const bus = await w.bus({ handlers: [NoteHandler], container, retry: { immediate: 0, delayed: [] } })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    return w
  }

  it('that is no such handler fails, and its message is not accepted', async () => {
    const w = await service({ get: () => ({}) as never })
    expect(w.broker.deadLetters('shop').map(({ headers }) => headers['waybill-dead-letter-error-code'])).toEqual(['WAYBILL_HANDLER_DECLARATION'])
  })

  it('that ran has run, also when the container cannot release it', async () => {
    let runs = 0
    const container: Container = {
      get: () => ({ handle: () => void (runs += 1) }) as never,
      release: () => {
        throw new Error('the pool is gone')
      },
    }
    const w = await service(container)
    expect(runs).toBe(1)
    expect(w.deadLetters()).toEqual([])
    expect(w.log.map(({ level, fields }) => [level, fields['error']])).toEqual([['warn', 'the pool is gone']])
  })

  it('that failed has failed with its own error, also when the container cannot release it', async () => {
    const container: Container = {
      get: () =>
        ({
          handle: () => {
            throw new UnrecoverableError('never again')
          },
        }) as never,
      release: () => Promise.reject(new Error('the pool is gone')),
    }
    const w = await service(container)
    expect(w.deadLetters()).toMatchObject([{ reason: 'unrecoverable' }])
  })
})
