import { expect, test } from 'vitest'
import { LinkedList, type Linked } from './linked-list.js'

class Item implements Linked<Item> {
  previous: Item | undefined
  next: Item | undefined
  constructor(readonly name: string) {}
}
const names = (list: LinkedList<Item>): string => Array.from(list, ({ name }) => name).join('')

test('keeps the order of appends and inserts, and forgets what is removed', () => {
  const list = new LinkedList<Item>()
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => new Item(name)) as [Item, Item, Item, Item]
  list.append(b)
  list.append(d)
  list.insert(a, b)
  list.insert(c, d)
  expect([names(list), list.size, list.first, list.last]).toEqual(['abcd', 4, a, d])
  list.remove(b)
  list.remove(d)
  expect([names(list), list.size, list.last]).toEqual(['ac', 2, c])
  expect([list.shift(), list.shift(), list.shift(), list.size]).toEqual([a, c, undefined, 0])
})

test('takes a node again that was removed', () => {
  const list = new LinkedList<Item>()
  const node = new Item('a')
  list.append(node)
  list.remove(node)
  list.append(node)
  expect([names(list), node.previous, node.next]).toEqual(['a', undefined, undefined])
})
