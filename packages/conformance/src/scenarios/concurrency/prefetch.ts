import { handle } from '@waybill/core'
import { CancelOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 1_500

export const prefetch: Scenario = {
  id: 'CP-03',
  title: 'an instance holds a bounded part of the backlog; another one gets at the rest',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: count,
  async run(lab) {
    const ends = gate()
    const [slow, quick]: [string[], string[]] = [[], []]
    await lab.bus({
      concurrency: 2,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          slow.push(id)
          await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(ids(count).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('the slow one is full', () => slow.length === 2)
    const { ready, unsettled } = await lab.doors.depth('orders')
    lab.check('the rest is still with the broker').atLeast(ready, 1)
    lab.check('nothing is lost between').equal(ready + unsettled, count)
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void quick.push(id))] })
    await lab.until('another instance handles what the first does not hold', () => quick.length === ready)
    ends.open()
    await lab.quiet()
    lab.check('each is handled once').sameMembers([...slow, ...quick], ids(count))
  },
}

export const pauseAndResume: Scenario = {
  id: 'CP-06',
  title: 'an endpoint that its copies have paused takes nothing new, and goes on by itself',
  group: 'CP',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 3,
  faults: ['refuseSends'],
  async run(lab) {
    const handled: string[] = []
    lab.expectLog('warn')
    lab.expectLog('error')
    const bus = await lab.bus({
      concurrency: 1,
      publishTimeout: '1s',
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: [] } }, ({ id }) => {
          handled.push(id)
          if (id === 'bad') throw new Error('always')
        }),
      ],
    })
    const caller = await lab.bus()
    const refused = await lab.faults.refuseSends({ on: bus, times: 1, retryable: false })
    await lab.send(caller, new CancelOrder({ id: 'bad' }))
    await lab.until('the endpoint is paused', () => bus.health().endpoints.some(({ paused }) => paused.length > 0))
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.send(caller, new CancelOrder({ id: 'o2' }))
    await lab.pass(1_000)
    lab.check('nothing starts while it is paused').equal(handled, ['bad'])
    await refused.end()
    await lab.quiet()
    lab.check('all is handled afterwards, the bad one once').sameMembers(handled, ['bad', 'o1', 'o2'])
    lab.check('the dead letter is there').equal((await lab.doors.deadLetters('orders')).length, 1)
    lab.check('health is well again').equal(
      bus.health().endpoints.flatMap(({ paused }) => paused),
      [],
    )
  },
}
