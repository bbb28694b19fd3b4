import { virtualClock } from '@waybill/core/runtime'
import { describe, expect, it } from 'vitest'
import { Tally } from '../flow/tally.js'
import { PlaceOrder } from '../orders/messages.js'
import { placeOrders } from './place-orders.js'

const order = (number: number): PlaceOrder =>
  new PlaceOrder({
    orderId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    customer: 'c-1',
    lines: [{ sku: 'cup', quantity: 1, cents: 690 }],
    payment: { card: '1881', timeouts: 0, declined: false },
  })

function setUp(count: number, send: (command: PlaceOrder, tally: Tally) => void | Promise<void>) {
  const tally = new Tally()
  const clock = virtualClock()
  const interruption = new AbortController()
  const orders = Array.from({ length: count }, (_, index) => order(index))
  const sent: { orderId: string; id: string | undefined; batch: string | undefined }[] = []
  let progress = 0
  const bus = {
    send: async (command: object, options?: { id?: string; headers?: Readonly<Record<string, string>> }) => {
      if (!(command instanceof PlaceOrder)) throw new TypeError('not an order')
      sent.push({ orderId: command.orderId, id: options?.id, batch: options?.headers?.['batch'] })
      await send(command, tally)
    },
  }
  const placed = placeOrders(bus, orders, {
    batch: 'the batch',
    followed: orders[1],
    conversation: 'the conversation',
    tally,
    signal: interruption.signal,
    stallMs: 1000,
    clock,
    onProgress: () => (progress += 1),
  })
  return { tally, clock, interruption, orders, sent, placed, progress: () => progress }
}

describe('placeOrders', () => {
  it('is done at once without orders, and leaves no timer', async () => {
    const { placed, clock } = setUp(0, () => undefined)
    await expect(placed).resolves.toBe('done')
    expect(clock.waiting.count).toBe(0)
  })

  it('sends each order once, with the batch, and one under a known id', async () => {
    const { placed, sent, orders, progress } = setUp(40, ({ orderId }, tally) => tally.shipped(orderId))
    await expect(placed).resolves.toBe('done')
    expect(sent.map(({ orderId }) => orderId).toSorted()).toEqual(orders.map(({ orderId }) => orderId))
    expect(sent.filter(({ id }) => id === 'the conversation')).toHaveLength(1)
    expect(new Set(sent.map(({ batch }) => batch))).toEqual(new Set(['the batch']))
    expect(progress()).toBe(40)
  })

  it('sends no more than 16 before the first has come to its end', async () => {
    const { sent, tally, clock, orders, placed } = setUp(20, () => undefined)
    await clock.settle()
    expect(sent).toHaveLength(16)
    for (const { orderId } of orders) tally.deadLettered(orderId)
    await clock.settle()
    for (const { orderId } of orders) tally.deadLettered(orderId)
    await expect(placed).resolves.toBe('done')
  })

  it('stalls when no order comes to its end for the time given, counted from the last that did', async () => {
    const { tally, clock, placed, orders } = setUp(2, () => undefined)
    let ended: string | undefined
    void placed.then((how) => (ended = how))
    await clock.advance(900)
    tally.shipped(orders[0]?.orderId ?? '')
    await clock.advance(900)
    expect(ended).toBeUndefined()
    await clock.advance(100)
    expect(ended).toBe('stalled')
    expect(tally.open).toEqual([orders[1]?.orderId])
  })

  it('ends with the reason of its signal', async () => {
    const { interruption, placed, clock } = setUp(20, () => undefined)
    interruption.abort(new Error('interrupted'))
    await expect(placed).rejects.toThrow('interrupted')
    expect(clock.waiting.count).toBe(0)
  })

  it('rejects when the broker does not take an order', async () => {
    const { placed } = setUp(3, () => Promise.reject(new Error('refused')))
    await expect(placed).rejects.toThrow('refused')
  })
})
