import { describe, expect, it } from 'vitest'
import { readOrders } from './read-orders.js'

const good = {
  orderId: '0a6936c0-5688-4a14-acf5-c2b12a42831c',
  customer: 'c-1',
  lines: [{ sku: 'cup', quantity: 2, cents: 690 }],
  payment: { card: '1881', timeouts: 0, declined: false },
}

describe('readOrders', () => {
  it('reads one order from each line and skips blank ones', () => {
    const { read, orders, rejections } = readOrders(`\uFEFF${JSON.stringify(good)}\r\n\n  \n`)
    expect({ read, totals: orders.map(({ total }) => total), rejections: rejections.size }).toEqual({ read: 1, totals: [1380], rejections: 0 })
  })

  it.each([
    ['{', 'not JSON'],
    [JSON.stringify({ ...good, lines: [] }), 'lines: expected at least 1 item'],
    [JSON.stringify({ ...good, orderId: 'x', lines: [] }), 'orderId: invalid UUID'],
    [JSON.stringify({ ...good, lines: [{ sku: 'cup', quantity: 0, cents: 1 }] }), 'lines[0].quantity: '],
    ['7', ''],
  ])('rejects %s for the first thing that is wrong with it', (line, reason) => {
    const { read, orders, rejections } = readOrders(line)
    expect({ read, orders }).toEqual({ read: 1, orders: [] })
    expect([...rejections.keys()][0]).toContain(reason)
    expect([...rejections.values()]).toEqual([1])
  })

  it('rejects an order that comes a second time', () => {
    const { orders, rejections } = readOrders(`${JSON.stringify(good)}\n${JSON.stringify(good)}`)
    expect(orders).toHaveLength(1)
    expect([...rejections]).toEqual([['orderId: came before', 1]])
  })
})
