import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../../src/contract/index.js'
import { handle } from '../../src/index.js'
import { crashAt } from '../../src/runtime/index.js'
import { altered } from '../support/altered.js'
import { gate, Note, world } from '../support/service.js'

const isDeadLetter = ({ destination }: Outgoing): boolean => destination.kind === 'endpoint' && destination.name.endsWith('.dead-letter')

describe('a paused endpoint', () => {
  it('goes on when a copy that was refused for good is refused for a while and then taken', async () => {
    const w = world()
    const runs: string[] = []
    const bus = await w.bus({
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          runs.push(id)
          if (id === 'bad') throw new Error('always')
        }),
      ],
    })
    w.broker.failSends({ retryable: false, where: isDeadLetter })
    await bus.send(new Note({ id: 'bad' }))
    await w.clock.settle()
    expect(bus.health().endpoints).toMatchObject([{ paused: ['copy-refused'] }])
    w.broker.failSends({ where: isDeadLetter })
    await w.clock.advance(20_000)
    expect(w.deadLetters()).toHaveLength(1)
    expect(bus.health().endpoints).toMatchObject([{ paused: [] }])
    await bus.send(new Note({ id: 'good' }))
    await w.clock.settle()
    expect(runs).toEqual(['bad', 'good'])
  })

  it('goes on although the transport could not resume it at first', async () => {
    const w = world()
    let refusals = 2
    const runs: string[] = []
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (...args) => {
        const subscription = await subscribe(...args)
        const limit = subscription.limit.bind(subscription)
        subscription.limit = (prefetch) => (prefetch > 0 && (refusals -= 1) >= 0 ? Promise.reject(new Error('channel closed')) : limit(prefetch))
        return subscription
      }
    })
    const bus = await w.bus({
      transport,
      handlers: [
        handle(Note, { retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          runs.push(id)
          if (id === 'bad') throw new Error('always')
        }),
      ],
    })
    w.broker.failSends({ retryable: false, where: isDeadLetter })
    await bus.send(new Note({ id: 'bad' }))
    await w.clock.advance(10_000)
    await bus.send(new Note({ id: 'good' }))
    await w.clock.settle()
    expect(runs).toEqual(['bad', 'good'])
    expect(w.log.filter(({ message }) => message.includes('could not change its prefetch'))).toHaveLength(1)
  })

  it('asks nothing of a subscription that has ended', async () => {
    const w = world()
    let ended = false
    let askedLate = 0
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = async (...args) => {
        const subscription = await subscribe(...args)
        const stop = subscription.stop.bind(subscription)
        subscription.limit = () => {
          if (ended) askedLate += 1
          return Promise.reject(new Error('channel closed'))
        }
        subscription.stop = (signal) => {
          ended = true
          return stop(signal)
        }
        return subscription
      }
    })
    const bus = await w.bus({ transport, handlers: [handle(Note, () => undefined)] })
    await bus.stop()
    await w.clock.advance(60_000)
    expect(ended).toBe(true)
    expect(askedLate).toBe(0)
  })

  it('takes one at a time when the suspect is the first that comes: nothing beside it goes back and forth', async () => {
    const w = world()
    const slow = gate()
    let deliveries = 0
    const transport = altered(w.broker, (inner) => {
      const subscribe = inner.subscribe.bind(inner)
      inner.subscribe = (endpoint, onDelivery, options) =>
        subscribe(
          endpoint,
          (delivery) => {
            deliveries += 1
            // Held for ever, so that a broken one ends as a failure and not as a loop.
            return deliveries > 1_000 ? new Promise(() => undefined) : onDelivery(delivery)
          },
          options,
        )
    })
    const handlers = [handle(Note, ({ id }) => (id === 'suspect' ? slow.opened : undefined))]
    const sender = await w.bus({ name: 'sender' })
    const prepared = await w.bus({ handlers })
    await prepared.stop()
    await sender.send(new Note({ id: 'suspect' }))
    for (let life = 0; life < 2; life += 1) {
      const crash = crashAt('before-handler')
      await w.bus({ handlers, stopTimeout: '1s' })
      await crash.reached
    }
    for (let index = 0; index < 20; index += 1) await sender.send(new Note({ id: String(index) }))
    const bus = await w.bus({ handlers, transport })
    await w.clock.advance(1_000)
    expect(bus.health().endpoints).toMatchObject([{ running: 1 }])
    expect(deliveries).toBeLessThan(50)
    slow.open()
    await w.clock.settle()
    expect(w.broker.depth('shop')).toEqual({ ready: 0, unsettled: 0, delayed: 0 })
  })
})
