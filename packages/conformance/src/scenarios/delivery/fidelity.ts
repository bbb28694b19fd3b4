import { handle } from '@waybill/core'
import { ids, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 100
const headers = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`x-header-${index}`, `value ${index}`]))

export const fidelity: Scenario = {
  id: 'DS-01',
  title: 'a message arrives once, with every byte and header that it was sent with',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: count,
  async run(lab) {
    const seen: { readonly id: string; readonly note: string | undefined; readonly headers: object; readonly source: string }[] = []
    await lab.bus({
      handlers: [
        handle(PlaceOrder, ({ id, note }, context) => (seen.push({ id, note, headers: { ...context.headers }, source: context.source }), { id, total: 0 })),
      ],
    })
    const caller = await lab.bus()
    const sent = ids(count)
    await Promise.all(sent.map((id) => lab.send(caller, new PlaceOrder({ id, note: `body of ${id}` }), { id: `message-${id}`, headers })))
    await lab.quiet()
    lab.check('each is handled exactly once').sameMembers(
      seen.map(({ id }) => id),
      sent,
    )
    lab.check('the body is the one that was sent').empty(seen.filter(({ id, note }) => note !== `body of ${id}`))
    lab
      .check('every header is there, and no other')
      .empty(seen.filter((each) => JSON.stringify(Object.entries(each.headers).toSorted()) !== JSON.stringify(Object.entries(headers).toSorted())))
    lab.check('the sender is named').empty(seen.filter(({ source }) => source !== 'caller'))
    lab.check('the ids are those that the caller gave').sameMembers(
      lab.seen('deliver').map(({ delivery }) => delivery.envelope?.id ?? ''),
      sent.map((id) => `message-${id}`),
    )
  },
}
