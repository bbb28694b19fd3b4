import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const outlives: Scenario = {
  id: 'DL-17',
  title: 'a delayed message outlives the bus that sent it and the one that was to handle it',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    const seen: { readonly id: string; readonly at: number }[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void seen.push({ id, at: lab.now() }))]
    const first = await lab.bus({ handlers })
    const caller = await lab.bus()
    const began = lab.now()
    await Promise.all(ids(3).map((id) => lab.send(caller, new CancelOrder({ id }), { delay: '8s' })))
    await lab.stop(caller)
    await lab.stop(first)
    await lab.bus({ handlers })
    await lab.until('all of them come', () => seen.length === 3, 30_000)
    lab.check('none early').empty(seen.filter(({ at }) => at - began < 8_000))
    await lab.quiet()
    lab.check('each once').sameMembers(
      seen.map(({ id }) => id),
      ids(3),
    )
  },
}
