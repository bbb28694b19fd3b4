import { describe, expect, it } from 'vitest'
import { handle, on, when, type RetryOptions } from '../../src/index.js'
import { flushOutgoing, recover, standardPipeline } from '../../src/middleware.js'
import { Note, Placed, world } from '../support/service.js'

const times = (immediate: number): RetryOptions => ({ immediate, delayed: [] })

describe('recover', () => {
  it('retries by the policy of the handler, then the endpoint, the bus and its own', async () => {
    const runs = async (retry: {
      handler?: RetryOptions
      endpoint?: RetryOptions
      bus?: RetryOptions
      pipeline?: RetryOptions
    }): Promise<[number, string | undefined]> => {
      const w = world()
      let count = 0
      const bus = await w.bus({
        ...(retry.bus === undefined ? undefined : { retry: retry.bus }),
        pipeline: [recover(retry.pipeline), flushOutgoing()],
        routes: { 'shop.note': 'notes' },
        endpoints: {
          notes: {
            ...(retry.endpoint === undefined ? undefined : { retry: retry.endpoint }),
            handlers: [
              handle(Note, retry.handler === undefined ? {} : { retry: retry.handler }, () => {
                count += 1
                throw new Error('always')
              }),
            ],
          },
        },
      })
      await bus.send(new Note({ id: '1' }))
      await w.clock.advance(3_600_000)
      const [rule] = (await bus.describe()).endpoints[0]?.handlers[0]?.retry ?? []
      return [count, rule?.from]
    }
    const all = { handler: times(4), endpoint: times(3), bus: times(2), pipeline: times(1) }
    expect(await runs(all)).toEqual([5, 'handler'])
    expect(await runs({ endpoint: all.endpoint, bus: all.bus, pipeline: all.pipeline })).toEqual([4, 'endpoint'])
    expect(await runs({ bus: all.bus, pipeline: all.pipeline })).toEqual([3, 'bus'])
    expect(await runs({ pipeline: all.pipeline })).toEqual([2, 'pipeline'])
    expect(await runs({})).toEqual([12, 'default'])
  })

  it('takes a policy of rules', async () => {
    class GatewayTimeout extends Error {}
    const w = world()
    const runs: number[] = []
    const bus = await w.bus({
      pipeline: standardPipeline({ recover: when(GatewayTimeout).retryNow(1).retryAfter('5s') }),
      handlers: [
        on(Placed, { id: 'a' }, () => {
          runs.push(w.clock.now())
          throw new GatewayTimeout('no answer')
        }),
      ],
    })
    const start = w.clock.now()
    await bus.publish(new Placed({ id: '1' }))
    await w.clock.advance(60_000)
    expect(runs.map((at) => at - start)).toEqual([0, 0, 5_000, 5_000])
  })

  it('retries what fails before any handler by the same policy', async () => {
    const w = world()
    let tries = 0
    const bus = await w.bus({
      pipeline: standardPipeline({ recover: times(3) }),
      middleware: [
        {
          name: 'blobs',
          incoming: {
            wire: () => {
              tries += 1
              throw new Error('the blob store is down')
            },
          },
        },
      ],
      handlers: [handle(Note, () => undefined)],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.settle()
    expect(tries).toBe(4)
  })

  it('refuses a policy that is none', () => {
    expect(() => recover({ immediate: 1.5 })).toThrow('recover.immediate must be an integer from 0 to 1000, got 1.5')
    expect(() => recover({ rules: 7 } as never)).toThrow('recover is no policy')
  })
})
