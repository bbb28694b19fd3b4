import { handle } from '@waybill/core'
import { MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

const keys = 100
const perKey = 10

export const orderPerKey: Scenario = {
  id: 'OR-02',
  title: 'messages of one key are handled in the order of sending, whoever else works beside them',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: keys * perKey,
  async run(lab) {
    const handled = new Map<string, number[]>()
    const handler = handle(MoveStock, async ({ item, n }) => {
      await Promise.resolve()
      handled.set(item, [...(handled.get(item) ?? []), n])
    })
    for (let instance = 0; instance < 2; instance += 1) await lab.bus({ name: 'stock', handlers: [handler] })
    const caller = await lab.bus()
    const numbers = Array.from({ length: perKey }, (_, index) => index)
    const items = Array.from({ length: keys }, (_, index) => `item-${index}`)
    for (const n of numbers) await Promise.all(lab.random.shuffled(items).map((item) => lab.send(caller, new MoveStock({ item, n }))))
    await lab.quiet()
    lab.check('every key has its order').empty([...handled].filter(([, order]) => order.join() !== numbers.join()))
    lab.check('every key was handled').equal(handled.size, keys)
  },
}
