import { handle } from '@waybill/core'
import { CancelOrder, GetOrder, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const noRepliesForRequest: Scenario = {
  id: 'CAP-04',
  title: 'without replies, a request is refused at the call, and nothing is sent',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const runs: string[] = []
    await lab.bus({ handlers: [handle(PlaceOrder, ({ id }) => (runs.push(id), { id, total: 1 }))] })
    const caller = await lab.bus({ capabilities: { replies: 'none' } })
    for (const message of [new PlaceOrder({ id: 'o1' }), new GetOrder({ id: 'o1' })]) {
      const error = await lab.rejection(lab.request(caller, message))
      lab.check('the request is refused').error(error, { code: 'WAYBILL_NO_REPLIES' })
    }
    lab.check('nobody waits').equal(caller.health().requests, 0)
    await lab.quiet()
    lab.check('no handler ran').empty(runs)
    lab.check('nothing was sent').empty(lab.seen('send'))
  },
}

export const noDelayForSend: Scenario = {
  id: 'CAP-07',
  title: 'without delay and without a schedule store, a delayed send is refused at the call, never sent at once',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus({ capabilities: { delay: { endpoint: 'none', topic: 'none' } } })
    const error = await lab.rejection(lab.send(caller, new CancelOrder({ id: 'late' }), { delay: '5s' }))
    lab.check('the call is refused').error(error, { code: 'WAYBILL_SEND_OPTION' })
    lab.check('the error names the delay').matches(error instanceof Error ? error.message : 'no error', 'delay')
    await lab.send(caller, new CancelOrder({ id: 'now' }))
    await lab.pass(10_000)
    await lab.quiet()
    lab.check('only what was not delayed arrived').equal(handled, ['now'])
  },
}
