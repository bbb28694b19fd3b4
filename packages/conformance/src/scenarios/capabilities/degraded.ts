import { handle, type Bus, type ReportRow } from '@waybill/core'
import type { Lab } from '../../lab/lab.js'
import { CancelOrder, GetOrder, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

/** What the report of the start says of one need. */
async function rowOf(lab: Lab, bus: Bus, need: ReportRow['need']): Promise<ReportRow | undefined> {
  const { report } = await lab.bounded('describe', bus.describe())
  return report?.rows.find((row) => row.need === need)
}

export const noDelayByDefault: Scenario = {
  id: 'CAP-06',
  title: 'without delay, retries that nobody asked for are immediate only; the start says so, and the dead letter comes at once',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog(/failed, again at once|dead-lettered/)
    const attempts: number[] = []
    const bus = await lab.bus({
      capabilities: { delay: { endpoint: 'none', topic: 'none' } },
      handlers: [
        handle(CancelOrder, (_, { attempt }) => {
          attempts.push(attempt)
          throw new Error('never')
        }),
      ],
    })
    lab.check('the report says so').equal((await rowOf(lab, bus, 'delayed retry'))?.provided, 'degraded')
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('the immediate attempts are made').equal(attempts, [1, 2, 3])
    lab.check('then it is a dead letter').equal((await lab.doors.deadLetters('orders')).length, 1)
  },
}

export const degradedNeeds: Scenario = {
  id: 'CAP-09',
  title: 'what a transport does only in part is in the report of the start, by the name of the need',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const bus = await lab.bus({
      capabilities: { deliveryCount: 'none', durability: 'process', unroutable: 'silent' },
      handlers: [handle(CancelOrder, () => undefined)],
    })
    for (const need of ['crash quarantine', 'durability', 'unroutable'] as const)
      lab.check(`${need} is reported as degraded`).equal((await rowOf(lab, bus, need))?.provided, 'degraded')
    const { text } = await lab.bounded('describe', bus.describe())
    lab.check('people can read it, too').matches(text, /crash quarantine +orders +degraded/)
  },
}

export const oneOrderPerEndpoint: Scenario = {
  id: 'CAP-10',
  title: 'where only a whole endpoint is in order, every key keeps its order, and the start says what it costs',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address', 'order'],
  deliveries: 20,
  async run(lab) {
    const handled: string[] = []
    const bus = await lab.bus({
      name: 'stock',
      capabilities: { ordering: { unit: 'endpoint', scaleOut: 'standby' } },
      handlers: [handle(MoveStock, ({ item, n }) => void handled.push(`${item}${n}`))],
    })
    lab.check('the report says so').equal((await rowOf(lab, bus, 'order by key'))?.provided, 'degraded')
    for (let n = 0; n < 10; n += 1) for (const item of ['a', 'b']) await lab.send(bus, new MoveStock({ item, n }))
    await lab.quiet()
    for (const item of ['a', 'b'])
      lab.check(`${item} is in order`).equal(
        handled.filter((each) => each.startsWith(item)),
        Array.from({ length: 10 }, (_, n) => `${item}${n}`),
      )
  },
}

export const emulatedReplies: Scenario = {
  id: 'CAP-11',
  title: 'replies over an address that instances share are reported as emulated, and still reach who asked',
  group: 'CAP',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 1,
  async run(lab) {
    const bus = await lab.bus({ capabilities: { replies: 'shared' }, handlers: [handle(GetOrder, ({ id }) => ({ id, total: 3 }))] })
    lab.check('the report says so').equal((await rowOf(lab, bus, 'replies'))?.provided, 'emulated')
    lab.check('the reply arrives').equal(await lab.request(bus, new GetOrder({ id: 'o1' })), { id: 'o1', total: 3 })
    await lab.quiet()
  },
}
