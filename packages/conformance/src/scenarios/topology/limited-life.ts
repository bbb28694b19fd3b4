import { randomUUID } from 'node:crypto'
import type { Endpoint } from '@waybill/core/contract'
import { listening, openedTransport, orders, outgoing } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

const idleMs = 6_000

export const limitedLife: Scenario = {
  id: 'TP-17',
  title: 'an endpoint of limited life outlives its consumer for as long as it is said, with what comes meanwhile, and is gone soon afterwards',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 0,
  async run(lab) {
    const endpoint: Endpoint = { ...orders, name: `caller.replies.${randomUUID()}`, life: { idleMs } }
    const transport = await openedTransport(lab, [endpoint])
    const never = new AbortController().signal
    const exists = async (): Promise<boolean> => (await lab.doors.entities()).endpoints.some(({ name }) => name === endpoint.name)
    const first = await listening(lab, transport, { endpoint })
    lab.check('it is there').isTrue(await exists())
    await lab.bounded('the stop', first.subscription.stop(never))
    const reply = outgoing({ kind: 'address', address: first.subscription.address }, { id: 'r1', kind: 'reply', causationId: 'q1', correlationId: 'q1' })
    await lab.bounded('the reply', transport.send([reply], never))
    await lab.pass(idleMs / 2)
    lab.check('it is still there').isTrue(await exists())
    const second = await listening(lab, transport, { endpoint })
    await lab.until('what came meanwhile is delivered', () => second.held.length === 1, 5_000)
    await lab.pass(idleMs * 1.5)
    lab.check('with a consumer it stays').isTrue(await exists())
    second.held[0]?.settle('accepted')
    await lab.bounded('the stop', second.subscription.stop(never))
    await lab.until('without one it goes', async () => !(await exists()), idleMs + 10_000)
  },
}
