import { handle, on } from '@waybill/core'
import { CancelOrder, OrderCancelled } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const copyRefused: Scenario = {
  id: 'RD-12',
  title: 'while the retry copy is refused the message is kept: not acknowledged, not run again, one alarm',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay', 'door:refuseSends'],
  deliveries: 2,
  faults: ['refuseSends'],
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('is paused')
    let runs = 0
    const bus = await lab.bus({
      publishTimeout: '1s',
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: ['1s'] } }, () => {
          runs += 1
          if (runs === 1) throw new Error('once')
        }),
      ],
    })
    const caller = await lab.bus()
    const refused = await lab.faults.refuseSends({ on: bus, times: 1_000, retryable: false })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('the endpoint is paused', () => bus.health().endpoints.some(({ paused }) => paused.length > 0))
    await lab.pass(10_000)
    lab.check('it is kept').equal((await lab.doors.depth('orders')).unsettled, 1)
    lab.check('and not accepted').empty(lab.seen('settle'))
    lab.check('it did not run again').equal(runs, 1)
    lab.check('one alarm').equal(lab.log.records.filter(({ level }) => level === 'error').length, 1)
    await refused.end()
    await lab.quiet()
    lab.check('then it runs again').equal(runs, 2)
  },
}

export const onlyTheLast: Scenario = {
  id: 'RD-13',
  title: 'of several attempts only the messages of the one that succeeded leave',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    const heard: string[] = []
    await lab.bus({
      sends: [OrderCancelled],
      handlers: [
        handle(CancelOrder, { retry: { immediate: 1, delayed: ['1s'] } }, async ({ id }, context) => {
          await context.publish(new OrderCancelled({ id: `${id} at attempt ${context.attempt}` }))
          if (context.attempt < 3) throw new Error('not yet')
        }),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('one, of the third').equal(heard, ['o1 at attempt 3'])
  },
}

export const sameIdsAgain: Scenario = {
  id: 'RD-18',
  title: 'a redelivery after "sent, not accepted" sends the same ids again',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  faults: ['crash'],
  async run(lab) {
    const heard: string[] = []
    const handlers = [handle(CancelOrder, async ({ id }, context) => void (await context.publish(new OrderCancelled({ id }))))]
    const victim = await lab.bus({ sends: [OrderCancelled], handlers })
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, (_, { id }) => void heard.push(id))] })
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('after-flush', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    lab.check('it dies after the flush').isTrue(await reached)
    await lab.bus({ sends: [OrderCancelled], handlers })
    await lab.quiet()
    lab.check('the event came').atLeast(heard.length, 1)
    lab.check('with one id').equal(new Set(heard).size, 1)
  },
}
