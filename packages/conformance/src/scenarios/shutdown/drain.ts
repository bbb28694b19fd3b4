import { handle } from '@waybill/core'
import { CancelOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 20

export const drain: Scenario = {
  id: 'GS-01',
  title: 'a stop starts nothing new, lets what runs end, and leaves nothing behind',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: count,
  async run(lab) {
    const started: string[] = []
    const ended: string[] = []
    const ends = gate()
    const bus = await lab.bus({
      concurrency: count,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          started.push(id)
          await ends.opened
          ended.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(ids(count).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('all of them run', () => started.length === count)
    const stopping = lab.stop(bus)
    await lab.send(caller, new CancelOrder({ id: 'late' }))
    await lab.pass(1_000)
    lab.check('nothing starts after the stop').equal(started.length, count)
    ends.open()
    lab.check('the stop leaves nobody unfinished').equal(await stopping, { unfinished: [] })
    lab.check('all that ran have ended').sameMembers(ended, ids(count))
    lab.check('only the late one is left').equal((await lab.doors.depth('orders')).ready, 1)
    const again: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void again.push(id))] })
    await lab.quiet()
    lab.check('a restart finds the late one and nothing else').equal(again, ['late'])
  },
}
