import { handle } from '@waybill/core'
import { CancelOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const expiredWithAllowance: Scenario = {
  id: 'DQ-17',
  title: 'what has expired by less than clocks may differ is handled; what has expired by more is a dead letter that says so',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    const first = await lab.bus({ handlers })
    const caller = await lab.bus()
    // The endpoint is there, and nobody listens.
    await lab.stop(first)
    await lab.send(caller, new CancelOrder({ id: 'long over' }), { id: 'long over', expiresIn: '2s' })
    await lab.send(caller, new CancelOrder({ id: 'a little over' }), { id: 'a little over', expiresIn: '10s' })
    await lab.send(caller, new CancelOrder({ id: 'not over' }), { id: 'not over', expiresIn: '10m' })
    await lab.pass(12_000)
    await lab.bus({ handlers, clockSkew: '5s' })
    await lab.quiet()
    lab.check('two are handled').sameMembers(handled, ['a little over', 'not over'])
    lab.check('one is a dead letter, and says why').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['long over', 'expired']],
    )
  },
}
