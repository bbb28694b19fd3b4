import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const crashes = 25

/** The neighbours take their time, so a crash beside one would count for it too. */
export const crashCollateral: Scenario = {
  id: 'RD-15',
  title: 'a message that brings its consumer down 25 times takes none of those with it that are delivered beside it',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'counts-crashes', 'door:cut'],
  deliveries: 10,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('error')
    const handled: string[] = []
    const bus = await lab.bus({
      concurrency: 10,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          if (id === 'fatal') await new Promise(() => undefined)
          await lab.pass(1_000)
          handled.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of [...ids(4), 'fatal', ...ids(5, 'p')]) await lab.send(caller, new CancelOrder({ id }), { id })
    const runs = (): number => lab.seen('invoke').filter(({ envelope }) => envelope.id === 'fatal').length
    const isPutAway = async (): Promise<boolean> => (await lab.doors.deadLetters('orders')).some(({ envelope }) => envelope.id === 'fatal')
    for (let crash = 1; crash <= crashes && !(await isPutAway()); crash += 1) {
      await lab.until(`the fatal one runs for the ${crash}th time, or is put away`, async () => runs() >= crash || (await isPutAway()), 600_000)
      if (!(await isPutAway())) await lab.faults.cut({ on: bus })
    }
    await lab.quiet()
    lab.check('only the fatal one is put away').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id),
      ['fatal'],
    )
    lab.check('all others are handled').sameMembers([...new Set(handled)], [...ids(4), ...ids(5, 'p')])
  },
}
