import { handle } from '@waybill/core'
import { readResources } from '../../checkers/read-resources.js'
import { CancelOrder, gate } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const nothingKeptAlive: Scenario = {
  id: 'GS-11',
  title: 'a stopped bus holds nothing that would keep its process from ending',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    await lab.turns(1)
    const before = readResources()
    const handled: string[] = []
    const bus = await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    lab.check('while it runs it keeps the process alive').atLeast(readResources()['Timeout'] ?? 0, (before['Timeout'] ?? 0) + 1)
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.until('it works', () => handled.length === 1)
    await lab.stop(bus)
    lab.check('afterwards the process holds what it held before').equal(readResources(), before)
  },
}

export const disposed: Scenario = {
  id: 'GS-15',
  title: 'a bus that is disposed of is stopped: what runs ends, what has not started goes back, a second disposal does nothing',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    const ends = gate()
    const [first, second]: [string[], string[]] = [[], []]
    const bus = await lab.bus({
      concurrency: 1,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          await ends.opened
          first.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of ['o1', 'o2']) await lab.send(caller, new CancelOrder({ id }))
    await lab.until('one runs', () => lab.seen('invoke').length === 1)
    const disposing = lab.bounded('the disposal', bus[Symbol.asyncDispose]())
    ends.open()
    await disposing
    await lab.bounded('the second disposal', bus[Symbol.asyncDispose]())
    lab.check('what ran has ended').equal(first, ['o1'])
    lab.check('the rest is back').equal(await lab.doors.depth('orders'), { ready: 1, unsettled: 0, delayed: 0 })
    lab.check('it is stopped').error(await lab.rejection(lab.send(bus, new CancelOrder({ id: 'o3' }))), { code: 'WAYBILL_STOPPED' })
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void second.push(id))] })
    await lab.quiet()
    lab.check('another handles it').equal(second, ['o2'])
  },
}
