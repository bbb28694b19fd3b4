import { ids } from '../messages.js'
import { listening, openedTransport, put } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

export const subscriptionLimit: Scenario = {
  id: 'CP-11',
  title: 'the limit of a subscription holds as soon as it is set: at nothing it pauses and keeps what is held, and raised it goes on',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address', 'individual-settlement'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab)
    const { subscription, held } = await listening(lab, transport, { prefetch: 2 })
    const limit = (prefetch: number): Promise<void> => lab.bounded(`a limit of ${prefetch}`, subscription.limit(prefetch))
    await put(lab, ...ids(20, 'm'))
    await lab.until('two come', () => held.length >= 2)
    await lab.pass(lab.windowMs)
    lab.check('and no third').equal(held.length, 2)
    await limit(0)
    held[0]?.settle('accepted')
    await lab.pass(lab.windowMs)
    lab.check('paused, nothing new comes').equal(held.length, 2)
    lab.check('and what is held stays held').equal(await lab.doors.depth('orders'), { ready: 18, unsettled: 1, delayed: 0 })
    await limit(5)
    await lab.until('five are held', () => held.length >= 6)
    await lab.pass(lab.windowMs)
    lab.check('and no sixth').equal(held.length, 6)
    await limit(1)
    for (const { settle } of held.slice(1, 5)) settle('accepted')
    await lab.pass(lab.windowMs)
    lab.check('lowered, nothing new comes while as many are held').equal(held.length, 6)
    held[5]?.settle('accepted')
    await lab.until('then one by one', () => held.length === 7)
  },
}
