import { on } from '@waybill/core'
import { OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const handlerThrows: Scenario = {
  id: 'DS-06',
  title: 'a handler that throws once runs twice, is accepted once, and no other subscription notices',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again at once')
    let runs = 0
    const others: string[] = []
    await lab.bus({
      handlers: [
        on(OrderPlaced, { id: 'orders.bill', retry: { immediate: 1, delayed: [] } }, () => {
          runs += 1
          if (runs === 1) throw new Error('once')
        }),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.reserve' }, ({ id }) => void others.push(id))] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('the handler ran twice').equal(runs, 2)
    lab.check('the other subscription got it once').equal(others, ['o1'])
    const settled = lab.seen('settle').filter(({ endpoint }) => endpoint === 'orders')
    lab.check('it was accepted once').equal(
      settled.map(({ disposition }) => disposition),
      ['accepted'],
    )
    lab.check('nothing is a dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}
