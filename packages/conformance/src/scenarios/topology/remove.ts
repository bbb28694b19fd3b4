import type { Change, Endpoint } from '@waybill/core/contract'
import { openedTransport, orders } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

const topic = (name: string): Endpoint['topics'][number] => ({ name, ordered: false })

export const removed: Scenario = {
  id: 'TP-16',
  title: 'what is left over is named by a check, which changes nothing, kept by a creation, and gone after a removal',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const both: Endpoint = { ...orders, topics: [topic('orders.placed'), topic('orders.cancelled')] }
    const one: Endpoint = { ...orders, topics: [topic('orders.placed')] }
    const transport = await openedTransport(lab, [both])
    const provision = (mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]> =>
      lab.bounded(mode, transport.provision({ endpoints: [one], topics: one.topics }, mode))
    const topics = async (): Promise<readonly string[]> =>
      ((await lab.doors.entities()).endpoints.find(({ name }) => name === 'orders')?.topics ?? []).toSorted()
    const leftOver = (changes: readonly Change[]): readonly string[] =>
      changes.filter(({ kind }) => kind === 'left-over').map(({ entity, detail }) => `${entity} ${detail}`)
    lab.check('the check names it').matches(leftOver(await provision('check')).join() || 'nothing', 'orders.cancelled')
    lab.check('and changes nothing').equal(await topics(), ['orders.cancelled', 'orders.placed'])
    await provision('create')
    lab.check('a creation keeps it').equal(await topics(), ['orders.cancelled', 'orders.placed'])
    await provision('remove')
    lab.check('a removal removes it, and nothing else').equal(await topics(), ['orders.placed'])
    lab.check('then nothing is left over').empty(await provision('check'))
  },
}
