import { handle } from '@waybill/core'
import { GetOrder, ids, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const shuffled: Scenario = {
  id: 'RR-02',
  title: 'of a hundred requests at once each caller gets the reply to its own',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 100,
  async run(lab) {
    await lab.bus({
      concurrency: 50,
      handlers: [
        handle(GetOrder, async ({ id }) => {
          await lab.turns(lab.random.int(0, 5))
          return { id, total: Number(id.slice(1)) }
        }),
      ],
    })
    const caller = await lab.bus()
    const replies = await Promise.all(ids(100).map((id) => lab.request(caller, new GetOrder({ id }))))
    lab.check('each its own').equal(
      replies,
      ids(100).map((id) => ({ id, total: Number(id.slice(1)) })),
    )
    await lab.quiet()
  },
}

export const remoteError: Scenario = {
  id: 'RR-05',
  title: 'what the handler throws comes back typed, after its immediate retries, without its stack',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies', 'endpoint-delay'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('failed, again')
    let runs = 0
    await lab.bus({
      retry: { immediate: 1, delayed: ['1m'] },
      handlers: [
        handle(GetOrder, () => {
          runs += 1
          throw Object.assign(new RangeError('no such order'), { code: 'no_order' })
        }),
      ],
    })
    const caller = await lab.bus()
    const error = await lab.rejection(lab.request(caller, new GetOrder({ id: 'o1' }), { timeout: '30s' }))
    lab.check('it says what failed, where, and at which attempt').error(error, {
      code: 'WAYBILL_REMOTE',
      remoteCode: 'no_order',
      remoteName: 'RangeError',
      remoteMessage: 'no such order',
      handler: 'orders.get',
      attempt: 2,
    })
    lab.check('only at once, not later').equal(runs, 2)
    const [reply] = lab.seen('send').filter(({ purpose }) => purpose === 'reply')
    const body = Buffer.from(reply?.outgoing.envelope.body ?? []).toString()
    lab.check('no stack leaves').equal(/\bat .*:\d+:\d+/.test(body), false)
    await lab.quiet()
    lab.check('a query is no dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}

export const twoRequesters: Scenario = {
  id: 'RR-09',
  title: 'of two instances of one service each gets the replies to its own requests',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 40,
  async run(lab) {
    await lab.bus({ handlers: [handle(GetOrder, ({ id }) => ({ id, total: 1 }))] })
    const callers = [await lab.bus(), await lab.bus()]
    const replies = await Promise.all(callers.flatMap((caller, index) => ids(20, `c${index}-`).map((id) => lab.request(caller, new GetOrder({ id })))))
    lab.check('each has its own').equal(
      replies.map(({ id }) => id),
      [...ids(20, 'c0-'), ...ids(20, 'c1-')],
    )
    await lab.quiet()
    lab.check('nobody got another’s').empty(lab.seen('count').filter(({ what }) => what === 'late-reply'))
  },
}

export const tenThatAsk: Scenario = {
  id: 'RR-14',
  title: 'ten handlers that fill their endpoint and each ask it again do not block one another’s replies',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 20,
  async run(lab) {
    const totals: number[] = []
    await lab.bus({ name: 'catalogue', routes: { 'orders.get': 'catalogue' }, handlers: [handle(GetOrder, ({ id }) => ({ id, total: 7 }))] })
    await lab.bus({
      concurrency: 10,
      routes: { 'orders.get': 'catalogue' },
      handlers: [
        handle(PlaceOrder, async ({ id }, context) => {
          const { total } = await context.request(new GetOrder({ id }), { timeout: '10s' })
          totals.push(total)
          return { id, total }
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(ids(10).map((id) => lab.send(caller, new PlaceOrder({ id }))))
    await lab.until('all ten have their answer', () => totals.length === 10, 5_000)
    await lab.quiet()
  },
}
