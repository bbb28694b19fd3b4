import { handle } from '@waybill/core'
import { PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const messageBytes = 4_096
const limits = { messageBytes, batchCount: 2, batchBytes: 8_192 }

export const smallerLimits: Scenario = {
  id: 'CAP-12',
  title: 'with smaller limits, what fits arrives in as many requests as it takes, and what does not is refused at the call',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 10,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(PlaceOrder, ({ id }) => (handled.push(id), { id, total: 0 }))] })
    const caller = await lab.bus({ capabilities: { limits: { endpoint: limits, topic: limits } } })
    const fitting = Array.from({ length: 10 }, (_, index) => `o${index}`)
    const sends = fitting.map((id) => lab.send(caller, new PlaceOrder({ id, note: 'n'.repeat(1_000) })))
    const error = await lab.rejection(lab.send(caller, new PlaceOrder({ id: 'big', note: 'n'.repeat(messageBytes) })))
    lab.check('the large one is refused').error(error, { code: 'WAYBILL_TOO_LARGE' })
    await Promise.all(sends)
    await lab.quiet()
    lab.check('the others arrive once').sameMembers(handled, fitting)
  },
}
