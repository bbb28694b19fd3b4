import { handle } from '@waybill/core'
import { MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

const concurrency = 2

export const headsWait: Scenario = {
  id: 'OR-20',
  title: 'as many keys as there are places wait for their next attempt, and other keys go on',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 12,
  async run(lab) {
    lab.expectLog('failed, again')
    const began = lab.now()
    const handled: { readonly item: string; readonly at: number }[] = []
    await lab.bus({
      name: 'stock',
      concurrency,
      handlers: [
        handle(MoveStock, { retry: { immediate: 0, delayed: ['8s'] } }, ({ item }, { attempt }) => {
          if (item.startsWith('failing') && attempt === 1) throw new Error('not yet')
          handled.push({ item, at: lab.now() - began })
        }),
      ],
    })
    const caller = await lab.bus()
    for (let key = 1; key <= concurrency; key += 1) await lab.send(caller, new MoveStock({ item: `failing ${key}`, n: 1 }))
    await lab.until('the heads have failed', () => lab.seen('retry').length === concurrency)
    for (let key = 1; key <= 10; key += 1) await lab.send(caller, new MoveStock({ item: `good ${key}`, n: 1 }))
    await lab.until('the other keys are handled meanwhile', () => handled.length === 10, 5_000)
    lab.check('no head has run again').empty(handled.filter(({ item }) => item.startsWith('failing')))
    await lab.quiet()
    const heads = handled.filter(({ item }) => item.startsWith('failing'))
    lab.check('then the heads run, in their time').isTrue(heads.length === concurrency && heads.every(({ at }) => at >= 8_000), JSON.stringify(heads))
  },
}
