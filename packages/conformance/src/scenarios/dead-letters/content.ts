import { handle, UnrecoverableError } from '@waybill/core'
import { PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const deadLetterContent: Scenario = {
  id: 'DQ-01',
  title: 'a dead letter is one copy of the original, with why it is there',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('dead-lettered')
    await lab.bus({
      handlers: [
        handle(PlaceOrder, () => {
          throw new UnrecoverableError('no such item')
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new PlaceOrder({ id: 'o1', note: 'ünï ✓' }), { id: 'message-1', headers: { 'x-tag': 'blue' } })
    await lab.quiet()
    const dead = await lab.doors.deadLetters('orders')
    lab.check('there is one').equal(dead.length, 1)
    const [copy] = dead
    const [sent] = lab.seen('send').filter(({ purpose }) => purpose === 'message')
    lab.check('its bytes are those that were sent').equal(Buffer.from(copy?.body ?? []), Buffer.from(sent?.outgoing.envelope.body ?? []))
    lab
      .check('its id and headers are the original ones')
      .equal([copy?.envelope.id, copy?.envelope.headers['x-tag'], copy?.envelope.source], ['message-1', 'blue', 'caller'])
    lab
      .check('it says why and where')
      .equal([copy?.envelope.system['dead-letter-reason'], copy?.envelope.system['dead-letter-handler']], ['unrecoverable', 'orders.place'])
  },
}
