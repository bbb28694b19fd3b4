import { describe, expect, it } from 'vitest'
import { createBus, handle, type BusOptions, type FunctionHandler } from '../../src/index.js'
import { memory } from '../../src/memory/index.js'
import { Find, Note, recordingLogger, world } from '../support/service.js'

describe('a stop with a handler that never ends', () => {
  it('resolves at its deadline and names it; what has not started goes back, and neither is counted', async () => {
    const w = world()
    const retries = w.seen('retry')
    const handled = w.seen('handled')
    const attempts: string[] = []
    const handlers = [
      handle(Note, ({ id }, context) => {
        attempts.push(`${id} ${context.attempt}`)
        return id === '1' && attempts.length === 1 ? new Promise<void>(() => undefined) : undefined
      }),
    ]
    const bus = await w.bus({ concurrency: 1, stopTimeout: '1s', handlers })
    await bus.send(new Note({ id: '1' }), { id: 'first' })
    await bus.send(new Note({ id: '2' }), { id: 'second' })
    await w.clock.settle()
    let stopped: unknown
    void bus.stop().then((result) => (stopped = result))
    await w.clock.advance(999)
    expect(stopped).toBeUndefined()
    await w.clock.advance(1)
    expect(stopped).toEqual({ unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'first' }] })
    expect(w.broker.depth('shop')).toEqual({ ready: 2, unsettled: 0, delayed: 0 })
    expect(handled.map(({ outcome }) => outcome)).toEqual(['released'])
    const again = await w.bus({ concurrency: 1, handlers })
    await w.clock.settle()
    await again.stop()
    expect(attempts).toEqual(['1 1', '1 1', '2 1'])
    expect({ retries, deadLetters: w.deadLetters() }).toEqual({ retries: [], deadLetters: [] })
    expect(w.clock.waiting.count).toBe(0)
  })
})

describe('the options of a bus', () => {
  it('make as many buses as one likes, one after the other, each of them started and stopped', async () => {
    const w = world()
    const options: BusOptions<FunctionHandler> = {
      name: 'shop',
      clock: w.clock,
      transport: memory({ broker: w.broker }),
      logger: recordingLogger(w.log),
      handlers: [handle(Find, ({ id }) => ({ id }))],
    }
    for (let round = 0; round < 5; round += 1) {
      const bus = createBus(options)
      await bus.start()
      expect(await bus.request(new Find({ id: String(round) }))).toEqual({ id: String(round) })
      expect(await bus.stop()).toEqual({ unfinished: [] })
      expect(w.broker.connections()).toEqual([])
    }
    expect(w.log).toEqual([])
  })
})
