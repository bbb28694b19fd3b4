import { randomUUID } from 'node:crypto'
import type { Endpoint } from '@waybill/core/contract'
import { listening, openedTransport, orders, outgoing } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

export const address: Scenario = {
  id: 'RR-15',
  title: 'the address of a subscription is one and its own, and what is sent to it arrives there from the moment on that it is known',
  group: 'RR',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 0,
  async run(lab) {
    const temporary = (): Endpoint => ({ ...orders, name: `caller.replies.${randomUUID()}`, life: { idleMs: 60_000 } })
    const endpoints = [temporary(), temporary()]
    const transport = await openedTransport(lab, endpoints)
    const [one, two] = await Promise.all(endpoints.map((endpoint) => listening(lab, transport, { endpoint })))
    if (one === undefined || two === undefined) return
    const known = one.subscription.address
    lab.check('each has one').isTrue(typeof known === 'string' && known !== '', String(known))
    const send = outgoing({ kind: 'address', address: known }, { id: 'r1', kind: 'reply', causationId: 'q1', correlationId: 'q1' })
    lab.check('it is sent').empty(await lab.bounded('the reply', transport.send([send], new AbortController().signal)))
    await lab.until('it arrives', () => one.held.length === 1, 5_000)
    lab.check('it stays the same').equal([one.subscription.address, one.subscription.address], [known, known])
    lab.check('and is nobody else’s').isTrue(two.subscription.address !== known, known)
    await lab.pass(lab.windowMs)
    lab.check('it arrives once, and nowhere else').equal([one.held.map(({ id }) => id), two.held.length], [['r1'], 0])
  },
}
