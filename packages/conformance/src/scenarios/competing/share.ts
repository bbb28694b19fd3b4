import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 1_000

export const share: Scenario = {
  id: 'CC-01',
  title: 'two instances share the messages of an endpoint, and no message goes to both',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: count,
  async run(lab) {
    const handled: [string[], string[]] = [[], []]
    for (const own of handled) await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void own.push(id))] })
    const caller = await lab.bus()
    const sent = ids(count)
    await Promise.all(sent.map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.quiet()
    lab.check('each is handled once, by one of them').sameMembers(handled.flat(), sent)
    for (const [index, own] of handled.entries()) lab.check(`instance ${index + 1} does its part`).atLeast(own.length, count / 10)
  },
}
