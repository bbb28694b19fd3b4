import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 10

export const publishWhileDown: Scenario = {
  id: 'FT-15',
  title: 'what is sent while the broker refuses waits, within its bound, and arrives when it is back',
  group: 'FT',
  tier: 'T1',
  needs: ['private-address', 'door:cut', 'door:refuseConnections'],
  deliveries: count,
  faults: ['cut', 'refuseConnections'],
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus({ publishTimeout: '30s' })
    lab.expectLog('warn')
    await lab.faults.refuseConnections({ times: 3 })
    await lab.faults.cut()
    const sends = ids(count).map((id) => lab.send(caller, new CancelOrder({ id })))
    await lab.bounded('every send settles', Promise.all(sends))
    await lab.quiet()
    lab.check('each of them arrives once').sameMembers(handled, ids(count))
  },
}
