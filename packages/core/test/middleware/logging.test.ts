import { describe, expect, it } from 'vitest'
import { handle, on } from '../../src/index.js'
import { logging, standardPipeline } from '../../src/middleware.js'
import { Find, Note, Placed, world, type LogLine } from '../support/service.js'

const lines = (log: readonly LogLine[], level: string): readonly LogLine[] => log.filter((line) => line.level === level && 'durationMs' in line.fields)

describe('logging', () => {
  it('writes one line at debug for each message that a handler has ended with', async () => {
    const w = world()
    const bus = await w.bus({
      pipeline: standardPipeline({ logging: true }),
      handlers: [on(Placed, { id: 'a' }, () => new Promise<void>((resolve) => void w.clock.after(40, resolve))), on(Placed, { id: 'b' }, () => undefined)],
    })
    await bus.publish(new Placed({ id: '1' }), { id: 'm1' })
    await w.clock.advance(100)
    const [{ correlationId } = { correlationId: undefined }] = lines(w.log, 'debug').map(({ fields }) => fields)
    expect(lines(w.log, 'debug')).toEqual([
      {
        level: 'debug',
        message: 'shop/a accepted shop.placed after 40 ms',
        fields: { messageId: 'm1', type: 'shop.placed', endpoint: 'shop', handler: 'a', attempt: 1, correlationId, durationMs: 40, outcome: 'accepted' },
      },
      {
        level: 'debug',
        message: 'shop/b accepted shop.placed after 0 ms',
        fields: { messageId: 'm1', type: 'shop.placed', endpoint: 'shop', handler: 'b', attempt: 1, correlationId, durationMs: 0, outcome: 'accepted' },
      },
    ])
  })

  it('tells the attempt that ended it, and what it came to', async () => {
    const w = world()
    const bus = await w.bus({
      pipeline: standardPipeline({ logging: { level: 'info' }, recover: { immediate: 1, delayed: ['10s'] } }),
      handlers: [
        handle(Note, ({ id }, { attempt }) => {
          if (id === 'never' || attempt < 4) throw new Error('again')
        }),
      ],
    })
    await bus.send(new Note({ id: 'fourth' }))
    await w.clock.advance(60_000)
    await bus.send(new Note({ id: 'never' }))
    await w.clock.advance(60_000)
    expect(lines(w.log, 'info').map(({ fields }) => [fields['attempt'], fields['outcome']])).toEqual([
      [2, 'deferred'],
      [4, 'accepted'],
      [2, 'deferred'],
      [4, 'rejected'],
    ])
    expect(lines(w.log, 'debug')).toEqual([])
  })

  it('writes one line for each attempt inside of recover', async () => {
    const w = world()
    const bus = await w.bus({
      pipeline: standardPipeline({ recover: { immediate: 2, delayed: [] } }).after('recover', logging({ level: 'trace' })),
      handlers: [
        handle(Note, (_, { attempt }) => {
          if (attempt < 3) throw new Error('again')
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(lines(w.log, 'trace').map(({ fields }) => [fields['attempt'], fields['outcome']])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'accepted'],
    ])
  })

  it('says nothing of the body', async () => {
    const w = world()
    const bus = await w.bus({ pipeline: standardPipeline({ logging: true }), handlers: [handle(Find, ({ id }) => ({ id }))] })
    const asked = bus.request(new Find({ id: 'secret-4711' }))
    await w.clock.settle()
    await asked
    expect(JSON.stringify(w.log)).not.toContain('secret-4711')
  })
})
