import { describe, expect, it } from 'vitest'
import { handle } from '../../src/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { altered } from '../support/altered.js'
import { Find, gate, Note, world } from '../support/service.js'

describe('what goes back', () => {
  it('is handed out no more before the stop is known to the broker: nothing goes back and forth', async () => {
    const w = world()
    let deliveries = 0
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (endpoint, onDelivery, options) => {
        const subscription = await subscribe(
          endpoint,
          (delivery) => {
            deliveries += 1
            // Held for ever, so that a broken one ends as a failure and not as a loop.
            return deliveries > 1_000 ? new Promise(() => undefined) : onDelivery(delivery)
          },
          options,
        )
        const limit = subscription.limit.bind(subscription)
        subscription.limit = async (prefetch) => {
          await new Promise<void>((resolve) => void w.clock.after(500, resolve))
          return limit(prefetch)
        }
        return subscription
      }
    })
    const slow = gate()
    const bus = await w.bus({ transport, concurrency: 1, handlers: [handle(Note, () => slow.opened)] })
    for (let index = 0; index < 150; index += 1) await bus.send(new Note({ id: String(index) }))
    await w.clock.settle()
    const stopped = bus.stop()
    slow.open()
    await w.clock.advance(1_000)
    await stopped
    expect(deliveries).toBeLessThan(400)
    expect(w.broker.depth('shop')).toEqual({ ready: 149, unsettled: 0, delayed: 0 })
  })
})

describe('a delivery that cannot even be given up', () => {
  it('is held and tried again after a while, not handed back and forth', async () => {
    const w = world()
    let runs = 0
    let isBroken = true
    const transport = altered(w.broker, (inner) => {
      const sizeOf = inner.sizeOf?.bind(inner)
      inner.sizeOf = (message) => {
        if (message.original !== undefined && isBroken) throw new TypeError('a defect of the transport')
        return sizeOf?.(message) ?? 0
      }
    })
    const bus = await w.bus({
      transport,
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(Note, () => {
          runs += 1
          if (runs > 1_000) return new Promise<void>(() => undefined)
          throw new Error('always')
        }),
      ],
    })
    await bus.send(new Note({ id: '1' }))
    await w.clock.advance(20_000)
    expect(runs).toBeLessThan(10)
    isBroken = false
    await w.clock.advance(10_000)
    expect(w.deadLetters()).toMatchObject([{ body: '{"id":"1"}' }])
  })
})

describe('a query that kills its process', () => {
  it('is answered with a fault when it is quarantined, and is no dead letter', async () => {
    const w = world()
    const handlers = [handle(Find, ({ id }) => ({ id }))]
    const prepared = await w.bus({ handlers })
    await prepared.stop()
    const caller = await w.bus({ name: 'caller' })
    const reply = caller.request(new Find({ id: '1' }), { timeout: '1h' }).catch((error: unknown) => error)
    await w.clock.settle()
    for (let life = 0; life < 5; life += 1) {
      const crash = crashAt('before-handler')
      await w.bus({ handlers, stopTimeout: '1s' })
      await crash.reached
    }
    await w.bus({ handlers })
    await w.clock.settle()
    expect(await reply).toMatchObject({ code: 'WAYBILL_REMOTE', remoteCode: 'WAYBILL_CRASH_LOOP' })
    expect(w.deadLetters()).toEqual([])
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })
})
