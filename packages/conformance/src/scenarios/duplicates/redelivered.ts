import { handle } from '@waybill/core'
import { CancelOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const redeliveredFlag: Scenario = {
  id: 'DU-02',
  title: 'a message that comes again says so: its deliveries are counted from 1, by the broker',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address', 'delivery-count', 'door:cut'],
  deliveries: 10,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const ends = gate()
    let runs = 0
    const bus = await lab.bus({
      concurrency: 5,
      handlers: [
        handle(CancelOrder, async () => {
          runs += 1
          await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(ids(5).map((id) => lab.send(caller, new CancelOrder({ id }), { id: `message-${id}` })))
    await lab.until('all five run', () => runs === 5)
    await lab.faults.cut({ on: bus })
    ends.open()
    await lab.quiet()
    for (const id of ids(5)) {
      const counts = lab.seen('deliver').flatMap(({ delivery }) => (delivery.envelope?.id === `message-${id}` ? [delivery.deliveryCount] : []))
      lab.check(`${id} is counted`).equal(counts, [1, 2])
    }
  },
}
