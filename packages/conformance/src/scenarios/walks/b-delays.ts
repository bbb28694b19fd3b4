import { handle, type Bus, type ReportRow } from '@waybill/core'
import { memorySchedule } from '@waybill/core/memory'
import type { Lab } from '../../lab/lab.js'
import { CancelOrder, ids, ShipOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const delayedForNobody: Scenario = {
  id: 'WB-19',
  title: 'forty delayed messages for an endpoint that is removed meanwhile stop no other delay',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay', 'door:remove'],
  deliveries: 3,
  exempt: { I1: 'forty messages are removed with their endpoint', I2: 'forty messages are removed with their endpoint' },
  async run(lab) {
    const at: number[] = []
    await lab.bus({ handlers: [handle(CancelOrder, () => void at.push(lab.now()))] })
    const routes = { 'orders.ship': 'gone' } as const
    await lab.stop(await lab.bus({ name: 'gone', routes, handlers: [handle(ShipOrder, () => undefined)] }))
    const caller = await lab.bus({ routes })
    const began = lab.now()
    for (const id of ids(40)) await lab.send(caller, new ShipOrder({ id }), { delay: '3s' })
    await lab.doors.remove({ endpoint: 'gone' })
    for (const delay of ['2s', '6s', '20s'] as const) await lab.send(caller, new CancelOrder({ id: delay }), { delay })
    await lab.until('all of the others come', () => at.length === 3, 40_000)
    for (const [index, dueMs] of [2_000, 6_000, 20_000].entries())
      lab.check(`the one after ${dueMs} ms is in time`).between((at[index] ?? 0) - began, dueMs, dueMs + 5_000)
    await lab.quiet({ endpoints: ['orders'] })
  },
}

async function rowOf(lab: Lab, bus: Bus, need: ReportRow['need']): Promise<ReportRow | undefined> {
  const { report } = await lab.bounded('describe', bus.describe())
  return report?.rows.find((row) => row.need === need)
}

export const delaysOfAStore: Scenario = {
  id: 'WB-22',
  title: 'the default policy survives a swap to a broker without delay: a schedule store keeps its retries, and the start says emulated',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    const at: { readonly attempt: number; readonly ms: number }[] = []
    const bus = await lab.bus({
      capabilities: { delay: { endpoint: 'none', topic: 'none' } },
      stores: { schedule: memorySchedule() },
      handlers: [
        handle(CancelOrder, (_, { attempt }) => {
          at.push({ attempt, ms: lab.now() })
          if (attempt < 4) throw new Error('not yet')
        }),
      ],
    })
    lab.check('the start says so').equal((await rowOf(lab, bus, 'delayed retry'))?.provided, 'emulated')
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.until('the fourth attempt comes', () => at.length === 4, 60_000)
    lab.check('three at once, one later').equal(
      at.map(({ attempt }) => attempt),
      [1, 2, 3, 4],
    )
    lab.check('not before its delay, and soon after it').between((at[3]?.ms ?? 0) - (at[2]?.ms ?? 0), 10_000, 20_000)
    await lab.quiet({ drain: false })
    lab.check('no dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}
