import { handle } from '@waybill/core'
import { CancelOrder, ids, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const headAndFollowers: Scenario = {
  id: 'WA-09',
  title: 'nineteen followers of a failing head take no places: other keys are handled meanwhile',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 30,
  async run(lab) {
    lab.expectLog('failed, again')
    const others: string[] = []
    const own: number[] = []
    const bus = await lab.bus({
      name: 'stock',
      concurrency: 3,
      handlers: [
        handle(MoveStock, { retry: { immediate: 0, delayed: ['6s', '6s'] } }, ({ item, n }, { attempt }) => {
          if (item !== 'k') return void others.push(item)
          if (n === 0 && attempt < 3) throw new Error('not yet')
          own.push(n)
        }),
      ],
    })
    for (let n = 0; n < 20; n += 1) await lab.send(bus, new MoveStock({ item: 'k', n }))
    for (let n = 0; n < 10; n += 1) await lab.send(bus, new MoveStock({ item: `other-${n}`, n }))
    await lab.until('the other keys are handled', () => others.length === 10, 5_000)
    lab.check('while the failing key stands').empty(own)
    await lab.quiet()
    lab.check('then it goes on in order').equal(
      own,
      Array.from({ length: 20 }, (_, n) => n),
    )
  },
}

export const givenBackInOrder: Scenario = {
  id: 'WA-10',
  title: 'a key that is given back at a stop comes again in its order, its head first',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 21,
  async run(lab) {
    let running = false
    const stuck = await lab.bus({
      name: 'stock',
      stopTimeout: '1s',
      handlers: [
        handle(MoveStock, async () => {
          running = true
          await new Promise(() => undefined)
        }),
      ],
    })
    const caller = await lab.bus()
    for (let n = 0; n < 20; n += 1) await lab.send(caller, new MoveStock({ item: 'k', n }))
    await lab.until('the head runs', () => running)
    const handled: number[] = []
    await lab.bus({ name: 'stock', handlers: [handle(MoveStock, ({ n }) => void handled.push(n))] })
    await lab.stop(stuck)
    await lab.quiet()
    lab.check('in order, each once').equal(
      handled,
      Array.from({ length: 20 }, (_, n) => n),
    )
  },
}

export const onlyBeside: Scenario = {
  id: 'WA-13',
  title: 'messages that were only fetched when their consumer went down, again and again, are never put away for it',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'door:cut', 'counts-crashes'],
  deliveries: 20,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const handled: string[] = []
    let calm = false
    const bus = await lab.bus({
      concurrency: 1,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          if (!calm) await new Promise(() => undefined)
          handled.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of ids(20)) await lab.send(caller, new CancelOrder({ id }))
    for (let round = 1; round <= 3; round += 1) {
      await lab.until(`round ${round} runs`, () => lab.seen('invoke').length >= round, 60_000)
      await lab.faults.cut({ on: bus })
    }
    calm = true
    await lab.quiet()
    lab.check('all are handled').sameMembers(handled, ids(20))
    lab.check('none is a dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}
