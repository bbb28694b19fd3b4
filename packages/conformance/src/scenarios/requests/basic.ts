import { handle } from '@waybill/core'
import { GetOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const basicRequest: Scenario = {
  id: 'RR-01',
  title: 'a request resolves with the one reply that its handler gave',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 1,
  async run(lab) {
    let runs = 0
    await lab.bus({ handlers: [handle(GetOrder, ({ id }) => ((runs += 1), { id, total: 12 }))] })
    const caller = await lab.bus()
    lab.check('the reply is the handler’s').equal(await lab.request(caller, new GetOrder({ id: 'o1' }), { id: 'request-1' }), { id: 'o1', total: 12 })
    await lab.quiet()
    const replies = lab.seen('send').filter(({ purpose }) => purpose === 'reply')
    lab.check('one reply left, and names the request').equal(
      replies.map(({ outgoing }) => outgoing.envelope.causationId),
      ['request-1'],
    )
    lab.check('the handler ran once').equal(runs, 1)
    lab.check('nobody waits any more').equal(caller.health().requests, 0)
  },
}
