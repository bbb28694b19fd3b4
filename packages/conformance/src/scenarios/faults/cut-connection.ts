import { handle } from '@waybill/core'
import { CancelOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 20

export const cutConnection: Scenario = {
  id: 'FT-04',
  title: 'after its connections are cut a bus works on: nothing lost, and only what was in flight comes twice',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: count,
  faults: ['cut'],
  async run(lab) {
    const handled = new Map<string, number>()
    const ends = gate()
    const bus = await lab.bus({
      concurrency: 5,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          handled.set(id, (handled.get(id) ?? 0) + 1)
          await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(ids(count).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('five handlers run', () => handled.size === 5)
    lab.expectLog('warn')
    const cut = await lab.faults.cut({ on: bus })
    lab.check('the broker closed a connection').matches((await cut.evidence()) ?? 'no evidence', /^[1-9]/)
    await cut.end()
    ends.open()
    await lab.quiet()
    lab.check('nothing is lost').sameMembers([...handled.keys()], ids(count))
    lab.check('only what ran comes twice').atMost([...handled.values()].filter((runs) => runs > 1).length, 5)
    await lab.send(caller, new CancelOrder({ id: 'marker' }))
    await lab.until('the instance handles what is sent after it', () => handled.has('marker'))
    lab.note({ kind: 'marker', instance: lab.instanceOf(bus), role: 'consumer', outcome: 'succeeded' })
    lab.note({ kind: 'marker', instance: lab.instanceOf(caller), role: 'publisher', outcome: 'succeeded' })
  },
}
