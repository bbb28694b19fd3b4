import { handle, on } from '@waybill/core'
import { CancelOrder, OrderCancelled, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const undeliverable: Scenario = {
  id: 'DS-21',
  title: 'a handler whose message no broker will ever take does not run again: its own message is a dead letter that says so',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 1,
  faults: ['refuseSends'],
  async run(lab) {
    lab.expectLog('dead-lettered')
    let runs = 0
    const bus = await lab.bus({
      sends: [OrderCancelled],
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          runs += 1
          await context.publish(new OrderCancelled({ id }))
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.faults.refuseSends({ on: bus, times: 1, retryable: false, type: 'orders.cancelled' })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('it ran once').equal(runs, 1)
    lab.check('the dead letter says why').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.system['dead-letter-reason']),
      ['undeliverable'],
    )
  },
}

export const replyRefused: Scenario = {
  id: 'DS-22',
  title: 'a reply that is refused for good is counted and dropped: what its handler has done stands',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'replies', 'door:refuseSends'],
  deliveries: 1,
  faults: ['refuseSends'],
  async run(lab) {
    let runs = 0
    const bus = await lab.bus({
      handlers: [
        handle(PlaceOrder, ({ id }) => {
          runs += 1
          return { id, total: 1 }
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.faults.refuseSends({ on: bus, times: 1, retryable: false, type: 'orders.place' })
    const error = await lab.rejection(lab.request(caller, new PlaceOrder({ id: 'o1' }), { timeout: '5s' }))
    lab.check('the requester waits in vain').error(error, { code: 'WAYBILL_REQUEST_TIMEOUT' })
    await lab.quiet()
    lab.check('it ran once').equal(runs, 1)
    lab.check('it is accepted').equal(
      lab.seen('settle').flatMap(({ endpoint, disposition }) => (endpoint === 'orders' ? [disposition] : [])),
      ['accepted'],
    )
    lab.check('nothing is a dead letter').empty(await lab.doors.deadLetters('orders'))
    lab.check('the reply is counted').equal(lab.seen('count').filter(({ what }) => what === 'dropped-reply').length, 1)
  },
}

export const failedAttemptSends: Scenario = {
  id: 'DS-23',
  title: 'what a failed attempt has published does not leave with the attempt that succeeds',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    const heard: string[] = []
    await lab.bus({
      sends: [OrderCancelled],
      handlers: [
        handle(CancelOrder, { retry: { immediate: 2, delayed: [] } }, async (_, context) => {
          await context.publish(new OrderCancelled({ id: `of attempt ${context.attempt}` }))
          if (context.attempt < 3) throw new Error('not yet')
        }),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('only what the last attempt has published').equal(heard, ['of attempt 3'])
  },
}
