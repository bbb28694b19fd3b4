import { handle } from '@waybill/core'
import { foreign } from '../foreign.js'
import { CancelOrder, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const headOfKey: Scenario = {
  id: 'PM-14',
  title: 'a message that cannot be read is put away at the head of its key, and the key goes on behind it',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 7,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const bus = await lab.bus({ name: 'stock', handlers: [handle(MoveStock, ({ item, n }) => void handled.push(`${item}${n}`))] })
    await lab.publishRaw({ endpoint: 'stock' }, { body: 'no json', envelope: { ...foreign, type: 'stock.move', key: 'a', id: 'bad' } })
    for (const n of [1, 2, 3]) for (const item of ['a', 'b']) await lab.send(bus, new MoveStock({ item, n }))
    const sentAt = lab.now()
    await lab.until('the key goes on', () => handled.length === 6, 5_000)
    lab.check('and soon').atMost(lab.now() - sentAt, 5_000)
    await lab.quiet()
    for (const item of ['a', 'b'])
      lab.check(`${item} keeps its order`).equal(
        handled.filter((each) => each.startsWith(item)),
        [1, 2, 3].map((n) => `${item}${n}`),
      )
    lab.check('the bad one is a dead letter').equal(
      (await lab.doors.deadLetters('stock')).map(({ envelope }) => envelope.id),
      ['bad'],
    )
  },
}

export const burnsNoRetry: Scenario = {
  id: 'PM-15',
  title: 'what no attempt can mend uses up no retry: it is put away at once, whatever the policy says',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const runs: string[] = []
    await lab.bus({ retry: { immediate: 5, delayed: ['1m', '10m'] }, handlers: [handle(CancelOrder, ({ id }) => void runs.push(id))] })
    const sentAt = lab.now()
    for (const [id, body] of Object.entries({ text: 'no json', cut: '{"id":', wrong: '{"id":7}' }))
      await lab.publishRaw({ endpoint: 'orders' }, { body, envelope: { ...foreign, id } })
    await lab.until('all are dead letters', async () => (await lab.doors.deadLetters('orders')).length === 3, 5_000)
    lab.check('at once').atMost(lab.now() - sentAt, 5_000)
    await lab.quiet()
    lab.check('no retry was made').empty(lab.seen('retry'))
    lab.check('no handler ran').empty(runs)
    lab.check('each came once').equal(lab.seen('deliver').length, 3)
  },
}
