import { handle } from '@waybill/core'
import { MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

const keys = 5
const perKey = 40

export const orderOverRestart: Scenario = {
  id: 'OR-07',
  title: 'the order of each key holds while instances are replaced one after the other',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key', 'order-scales-out'],
  deliveries: keys * perKey,
  async run(lab) {
    const handled = new Map<string, number[]>()
    const handler = handle(MoveStock, async ({ item, n }) => {
      await lab.turns(2)
      handled.set(item, [...(handled.get(item) ?? []), n])
    })
    let current = await lab.bus({ name: 'stock', handlers: [handler] })
    const caller = await lab.bus()
    for (let n = 0; n < perKey; n += 1) {
      const sends = Array.from({ length: keys }, (_, k) => lab.send(caller, new MoveStock({ item: `item-${k}`, n })))
      if (n % 10 === 5) {
        const next = await lab.bus({ name: 'stock', handlers: [handler] })
        await lab.stop(current)
        current = next
      }
      await Promise.all(sends)
    }
    await lab.quiet()
    const expected = Array.from({ length: perKey }, (_, n) => n).join()
    lab.check('each key in its order, none twice').empty([...handled].filter(([, numbers]) => numbers.join() !== expected))
    lab.check('every key was handled').equal(handled.size, keys)
  },
}
