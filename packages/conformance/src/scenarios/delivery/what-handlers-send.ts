import { handle, on } from '@waybill/core'
import { confirmedFirst } from '../confirmed-first.js'
import { CancelOrder, ids, OrderCancelled } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const publishThenAccept: Scenario = {
  id: 'DS-13',
  title: 'what a handler publishes is confirmed before its message is accepted, and is there once',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    const heard: string[] = []
    await lab.bus({ sends: [OrderCancelled], handlers: [handle(CancelOrder, ({ id }, context) => context.publish(new OrderCancelled({ id })))] })
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    const settles = lab.seen('settle')
    for (const id of ids(10)) {
      await lab.send(caller, new CancelOrder({ id }), { id: `message-${id}` })
      await lab.until(`${id} is accepted`, () => settles.some(({ delivery }) => delivery.envelope?.id === `message-${id}`))
    }
    await lab.quiet()
    lab.check('the event was confirmed first').empty(ids(10).filter((id) => !confirmedFirst(lab, `message-${id}`)))
    lab.check('each event arrived once').sameMembers(heard, ids(10))
  },
}

export const confirmedBeforeAccepted: Scenario = {
  id: 'DS-18',
  title: 'while the broker does not confirm what a handler publishes, its message is not accepted',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'door:holdSends'],
  deliveries: 2,
  faults: ['holdSends'],
  async run(lab) {
    const heard: string[] = []
    const bus = await lab.bus({ sends: [OrderCancelled], handlers: [handle(CancelOrder, ({ id }, context) => context.publish(new OrderCancelled({ id })))] })
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    const held = await lab.faults.holdSends({ on: bus })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('the handler has run', () => lab.seen('invoke').length === 1)
    await lab.pass(2_000)
    lab.check('nothing is accepted yet').empty(lab.seen('settle'))
    lab.check('the broker still holds the message').equal((await lab.doors.depth('orders')).unsettled, 1)
    await held.end()
    await lab.quiet()
    lab.check('then both are done').equal(heard, ['o1'])
  },
}

export const publishThenThrow: Scenario = {
  id: 'DS-14',
  title: 'of a handler that fails nothing leaves but what was sent immediately',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const heard: string[] = []
    await lab.bus({
      sends: [OrderCancelled],
      handlers: [
        handle(CancelOrder, { retry: { immediate: 1, delayed: [] } }, async ({ id }, context) => {
          await context.publish(new OrderCancelled({ id: `${id} held` }))
          await context.publish(new OrderCancelled({ id: `${id} at once ${context.attempt}` }), { dispatch: 'immediately' })
          throw new Error('afterwards')
        }),
      ],
    })
    lab.expectLog('failed, again')
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('only what was sent immediately').sameMembers(heard, ['o1 at once 1', 'o1 at once 2'])
  },
}
