import { expect, test } from 'vitest'
import { Consumer } from './consumer.js'
import { Queue } from './queue.js'
import { Stored } from './stored.js'
import { Turns } from './turns.js'

function queueOf(ordered: boolean): Queue {
  return new Queue(new Turns(), { name: 'orders', address: 'memory://test/orders', ordered, life: 'durable' })
}

function put(queue: Queue, ...names: string[]): void {
  for (const name of names) queue.enqueue(new Stored({ nativeId: name, body: null, headers: [], key: name[0] }, 'address'))
}

/** A consumer, and what it has got. */
function consume(queue: Queue, prefetch: number): { readonly consumer: Consumer; readonly got: Stored[]; readonly names: () => string } {
  const got: Stored[] = []
  const consumer = new Consumer({ receive: (_, stored) => void got.push(stored) }, { prefetch, countsReleases: false })
  queue.attach(consumer)
  return { consumer, got, names: () => got.map(({ message }) => message.nativeId).join(' ') }
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
const find = (got: readonly Stored[], name: string): Stored => {
  const stored = got.findLast(({ message }) => message.nativeId === name)
  if (stored === undefined) throw new Error(`${name} was not delivered`)
  return stored
}

test('serves consumers in turn, and none beyond its room', async () => {
  const queue = queueOf(false)
  const [first, second, third] = [consume(queue, 10), consume(queue, 1), consume(queue, 0)]
  put(queue, 'a1', 'b1', 'c1', 'd1', 'e1')
  await turn()
  expect([first.names(), second.names(), third.names()]).toEqual(['a1 c1 d1 e1', 'b1', ''])
  queue.limit(third.consumer, 2)
  put(queue, 'f1', 'g1')
  await turn()
  expect([first.names(), second.names(), third.names()]).toEqual(['a1 c1 d1 e1 g1', 'b1', 'f1'])
})

test('goes on with the next one when the one served last leaves', async () => {
  const queue = queueOf(false)
  const [first, second, third] = [consume(queue, 1), consume(queue, 5), consume(queue, 5)]
  put(queue, 'a1')
  await turn()
  queue.settle(first.consumer, find(first.got, 'a1'), 'accepted')
  queue.detach(first.consumer, { counted: false })
  put(queue, 'b1', 'c1')
  await turn()
  expect([second.names(), third.names()]).toEqual(['b1', 'c1'])
})

test('hands out a backlog that is longer than one turn', async () => {
  const queue = queueOf(false)
  put(queue, ...Array.from({ length: 25_000 }, (_, index) => `a${index}`))
  const { got } = consume(queue, Infinity)
  for (let turns = 0; turns < 4; turns += 1) await turn()
  expect(got.length).toBe(25_000)
})

test('puts what comes back in its old place, before what never left', async () => {
  const queue = queueOf(false)
  const first = consume(queue, 3)
  put(queue, 'a1', 'b1', 'c1', 'd1')
  await turn()
  queue.detach(first.consumer, { counted: true })
  const second = consume(queue, 10)
  await turn()
  expect(second.names()).toBe('a1 b1 c1 d1')
  expect(second.got.map(({ returns }) => returns)).toEqual([1, 1, 1, 0])
})

test('finds a settlement too late once the message is back', async () => {
  const queue = queueOf(false)
  const { consumer, got } = consume(queue, 1)
  put(queue, 'a1')
  await turn()
  const stored = find(got, 'a1')
  queue.detach(consumer, { counted: false })
  expect(queue.settle(consumer, stored, 'accepted')).toBe(false)
  expect(queue.depth).toEqual({ ready: 1, unsettled: 0, delayed: 0 })
})

test('keeps a key with the consumer that has it, and gives the other keys to whoever has room', async () => {
  const queue = queueOf(true)
  const [first, second] = [consume(queue, 2), consume(queue, 2)]
  put(queue, 'a1', 'a2', 'a3', 'b1')
  await turn()
  expect([first.names(), second.names()]).toEqual(['a1 a2', 'b1'])
  queue.settle(first.consumer, find(first.got, 'a1'), 'accepted')
  await turn()
  expect([first.names(), second.names()]).toEqual(['a1 a2 a3', 'b1'])
  queue.limit(first.consumer, 0)
  queue.settle(first.consumer, find(first.got, 'a2'), 'accepted')
  put(queue, 'a4')
  await turn()
  expect(second.names()).toBe('b1')
  queue.settle(first.consumer, find(first.got, 'a3'), 'accepted')
  await turn()
  expect(second.names()).toBe('b1 a4')
})

test('lets nothing of a key pass a released one while later ones of it are out', async () => {
  const queue = queueOf(true)
  const { consumer, got, names } = consume(queue, 10)
  put(queue, 'a1', 'a2', 'a3', 'b1')
  await turn()
  queue.settle(consumer, find(got, 'a1'), 'released')
  put(queue, 'a4', 'b2')
  await turn()
  expect(names()).toBe('a1 a2 a3 b1 b2')
  queue.settle(consumer, find(got, 'a3'), 'released')
  queue.settle(consumer, find(got, 'a2'), 'released')
  await turn()
  expect(names()).toBe('a1 a2 a3 b1 b2 a1 a2 a3 a4')
})

test('gives keys turns, so that a busy one does not keep the others out', async () => {
  const queue = queueOf(true)
  const { consumer, got, names } = consume(queue, 1)
  put(queue, 'a1', 'a2', 'a3', 'b1', 'c1')
  for (let settled = 0; settled < 5; settled += 1) {
    await turn()
    const last = got.at(-1)
    if (last !== undefined) queue.settle(consumer, last, 'accepted')
  }
  expect(names()).toBe('a1 b1 c1 a2 a3')
})

test('gives a consumer the older message when one of its own keys and a free one wait', async () => {
  const queue = queueOf(true)
  const { consumer, got, names } = consume(queue, 2)
  put(queue, 'a1', 'a2', 'b1', 'a3')
  await turn()
  queue.settle(consumer, find(got, 'a1'), 'accepted')
  await turn()
  expect(names()).toBe('a1 a2 b1')
})

test('delivers messages without key from an ordered queue, and shows them while they wait', async () => {
  const queue = queueOf(true)
  put(queue, 'a1')
  queue.enqueue(new Stored({ nativeId: 'keyless', body: null, headers: [], key: undefined }, 'topic'))
  expect(Array.from(queue.ready, ({ message }) => message.nativeId)).toEqual(['a1', 'keyless'])
  const { names } = consume(queue, 5)
  await turn()
  expect(names()).toBe('a1 keyless')
})
