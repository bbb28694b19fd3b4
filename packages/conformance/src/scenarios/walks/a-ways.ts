import { handle, on } from '@waybill/core'
import { CancelOrder, GetOrder, ids, OrderPlaced, PlaceOrder, StockMoved } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const coalesced: Scenario = {
  id: 'WA-16',
  title: 'a thousand publishes that nobody awaits keep the order of each key, also when one of them is refused for a while',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'order-by-key', 'door:refuseSends'],
  deliveries: 1_000,
  faults: ['refuseSends'],
  async run(lab) {
    const handled = new Map<string, number[]>([
      ['a', []],
      ['b', []],
    ])
    await lab.bus({ name: 'stock', handlers: [on(StockMoved, { id: 'stock.track' }, ({ item, n }) => void handled.get(item)?.push(n))] })
    const caller = await lab.bus({ sends: [StockMoved] })
    await lab.faults.refuseSends({ on: caller, times: 4, retryable: true })
    const numbers = Array.from({ length: 500 }, (_, n) => n)
    await Promise.all(numbers.flatMap((n) => ['a', 'b'].map((item) => lab.publish(caller, new StockMoved({ item, n })))))
    await lab.quiet()
    for (const [item, order] of handled) lab.check(`the order of ${item}`).equal(order, numbers)
  },
}

export const replyAddress: Scenario = {
  id: 'WA-18',
  title: 'replies pass no lane: handlers that fill their endpoint get their answers, and one whose requester is gone fails nobody',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 7,
  async run(lab) {
    const answered: number[] = []
    const bus = await lab.bus({
      concurrency: 3,
      routes: { 'orders.get': 'catalogue' },
      handlers: [
        handle(PlaceOrder, async ({ id }, context) => {
          const { total } = await context.request(new GetOrder({ id }), { timeout: '10s' })
          answered.push(total)
          return { id, total }
        }),
      ],
      endpoints: { catalogue: { concurrency: 1, handlers: [handle(GetOrder, ({ id }) => ({ id, total: 5 }))] } },
    })
    const gone = await lab.bus({ name: 'gone', stopTimeout: '1s' })
    const asking = lab.rejection(lab.request(gone, new PlaceOrder({ id: 'gone' }), { timeout: '30s' }))
    await lab.until('it is under way', () => lab.seen('deliver').length > 0)
    await lab.stop(gone)
    await asking
    for (const id of ids(3)) await lab.send(bus, new PlaceOrder({ id }))
    await lab.until('all four have their answers', () => answered.length === 4, 10_000)
    await lab.quiet()
    lab.check('none failed').empty(await lab.doors.deadLetters('orders'))
    lab.check('none ran twice').equal(answered.length, 4)
  },
}

export const publishedTopics: Scenario = {
  id: 'WA-19',
  title: 'a process that only publishes starts first and finds its topic; the first dead letter finds its endpoint',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const publisher = await lab.bus({ name: 'publisher', sends: [OrderPlaced] })
    lab.check('the topic is there before every subscriber').isTrue((await lab.doors.entities()).topics.includes('orders.placed'), 'no topic')
    await lab.bus({
      handlers: [
        on(OrderPlaced, { id: 'orders.fail', retry: { immediate: 0, delayed: [] } }, () => {
          throw new Error('always')
        }),
      ],
    })
    const before = await lab.doors.entities()
    await lab.publish(publisher, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('the first dead letter is there').equal((await lab.doors.deadLetters('orders')).length, 1)
    const after = await lab.doors.entities()
    lab.check('nothing was made for it').equal(after.endpoints.map(({ name }) => name).toSorted(), before.endpoints.map(({ name }) => name).toSorted())
  },
}

export const twoKindsOfDelay: Scenario = {
  id: 'WA-20',
  title: 'a delay to an endpoint hops where it is longer than the broker’s; one to a topic that has none is refused, not forgotten',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    const capabilities = { delay: { endpoint: { maxMs: 2_000, resolutionMs: 1 }, topic: 'none' } } as const
    const handled: string[] = []
    await lab.bus({
      capabilities,
      handlers: [handle(CancelOrder, ({ id }) => void handled.push(id)), on(OrderPlaced, { id: 'orders.track' }, ({ id }) => void handled.push(id))],
    })
    const caller = await lab.bus({ capabilities, sends: [OrderPlaced] })
    const began = lab.now()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { delay: '5s' })
    const error = await lab.rejection(lab.publish(caller, new OrderPlaced({ id: 'o2' }), { delay: '1s' }))
    lab.check('the event is refused').error(error, { code: /^WAYBILL_/ })
    await lab.until('the command comes', () => handled.length === 1, 20_000)
    lab.check('not early').atLeast(lab.now() - began, 5_000)
    await lab.quiet()
    lab.check('and nothing else').equal(handled, ['o1'])
  },
}
