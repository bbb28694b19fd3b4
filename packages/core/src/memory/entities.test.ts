import { expect, test } from 'vitest'
import { virtualClock } from '../runtime/virtual-clock.js'
import { endpointNamed } from '../../test/memory-harness.js'
import { Entities } from './entities.js'
import { Turns } from './turns.js'

const topics = [{ name: 'orders.placed', ordered: false }]

test('what is removed gets no copies any more, and its address is gone', () => {
  const entities = new Entities(new Turns(), 'test')
  const queue = entities.declareEndpoint(endpointNamed('replies', { topics, life: { idleMs: 10 } }), virtualClock())
  entities.removeQueue(queue)
  expect(entities.topics.get('orders.placed')?.subscribers.size).toBe(0)
  expect(entities.route({ kind: 'address', address: queue.address })).toBeUndefined()
  expect([...entities.queues.keys()]).toEqual([])
})

test('a durable endpoint leaves its dead letters behind', () => {
  const entities = new Entities(new Turns(), 'test')
  entities.removeQueue(entities.declareEndpoint(endpointNamed('orders'), virtualClock()))
  expect([...entities.queues.keys()]).toEqual(['orders.dead-letter'])
})

test('an endpoint that is itself one for dead letters gets no other', () => {
  const entities = new Entities(new Turns(), 'test')
  entities.declareEndpoint(endpointNamed('orders.dead-letter'), virtualClock())
  expect([...entities.queues.keys()]).toEqual(['orders.dead-letter'])
})

test('addresses are told apart, whatever the names hold', () => {
  const addresses = ['a/b', 'a', 'a%2Fb', 'ä b'].map((name) => new Entities(new Turns(), 'x/y').addressOf(name))
  expect(new Set(addresses).size).toBe(4)
  expect(addresses.every((address) => URL.canParse(address))).toBe(true)
})
