import { ids } from '../messages.js'
import { listening, openedTransport, put } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

export const sideDoors: Scenario = {
  id: 'CAP-19',
  title: 'what the suite sees past the transport is there: the doors tell what goes in, what is held, who is connected, and what is left',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address', 'individual-settlement'],
  deliveries: 0,
  async run(lab) {
    const { doors } = lab.place
    lab.check('before anybody is there').equal([await doors.connections(), await doors.deadLetters('orders')], [[], []])
    const transport = await openedTransport(lab)
    lab.check('who is connected').equal((await doors.connections()).length, 1)
    lab.check('nothing is there').equal([(await doors.browse('orders')).length, await doors.read('orders')], [0, undefined])
    await put(lab, ...ids(3, 'm'))
    for (const look of ['one look', 'and another'])
      lab.check(`${look} shows all of them`).sameMembers(
        (await doors.browse('orders')).map(({ envelope, state }) => `${envelope.id} ${state}`),
        ids(3, 'm').map((id) => `${id} ready`),
      )
    const { body, envelope } = (await doors.read('orders')) ?? {}
    lab.check('one is taken out, as it went in').equal([envelope?.type, Buffer.from(body ?? []).toString()], ['orders.cancel', '{}'])
    lab.check('and two are left').equal(await doors.depth('orders'), { ready: 2, unsettled: 0, delayed: 0 })
    lab.check('nobody consumes').equal(await doors.consumerCount('orders'), 0)
    const { held } = await listening(lab, transport, { prefetch: 1 })
    await lab.until('one is held', () => held.length === 1)
    lab.check('somebody consumes').equal(await doors.consumerCount('orders'), 1)
    lab.check('the depth tells them apart').equal(await doors.depth('orders'), { ready: 1, unsettled: 1, delayed: 0 })
    const unknown = await lab.rejection(doors.depth('nowhere'))
    lab.check('a depth that cannot be known is an error, not nothing').isTrue(unknown instanceof Error, String(unknown))
  },
}
