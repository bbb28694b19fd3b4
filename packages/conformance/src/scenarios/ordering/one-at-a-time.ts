import { handle } from '@waybill/core'
import { gate, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

const keys = 8

export const fifo: Scenario = {
  id: 'OR-01',
  title: 'a thousand messages of one key are handled in the order of sending, each once',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 1_000,
  async run(lab) {
    const handled: number[] = []
    await lab.bus({ name: 'stock', handlers: [handle(MoveStock, ({ n }) => void handled.push(n))] })
    const caller = await lab.bus()
    const numbers = Array.from({ length: 1_000 }, (_, index) => index)
    for (const n of numbers) await lab.send(caller, new MoveStock({ item: 'bolt', n }))
    await lab.quiet()
    lab.check('the order of handling is that of sending').equal(handled, numbers)
  },
}

export const exclusive: Scenario = {
  id: 'OR-03',
  title: 'two messages of one key never run at the same time, whichever instance has them',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: keys * 10,
  async run(lab) {
    const running = new Map<string, number>()
    const overlaps: string[] = []
    let handled = 0
    const handler = handle(MoveStock, async ({ item, n }) => {
      const beside = running.get(item) ?? 0
      if (beside > 0) overlaps.push(`${item} ${n}`)
      running.set(item, beside + 1)
      await lab.turns(3)
      running.set(item, (running.get(item) ?? 0) - 1)
      handled += 1
    })
    for (let instance = 0; instance < 3; instance += 1) await lab.bus({ name: 'stock', handlers: [handler] })
    const caller = await lab.bus()
    for (let n = 0; n < 10; n += 1) await Promise.all(Array.from({ length: keys }, (_, k) => lab.send(caller, new MoveStock({ item: `item-${k}`, n }))))
    await lab.quiet()
    lab.check('no two of a key overlap').empty(overlaps)
    lab.check('all are handled').equal(handled, keys * 10)
  },
}

export const keysInParallel: Scenario = {
  id: 'OR-04',
  title: 'as many keys run beside each other as the concurrency allows',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: keys,
  async run(lab) {
    const ends = gate()
    const running = new Set<string>()
    const bus = await lab.bus({
      name: 'stock',
      concurrency: keys,
      handlers: [
        handle(MoveStock, async ({ item }) => {
          running.add(item)
          await ends.opened
        }),
      ],
    })
    for (let key = 0; key < keys; key += 1) await lab.send(bus, new MoveStock({ item: `item-${key}`, n: 0 }))
    await lab.until('every key runs while the others run', () => running.size === keys)
    ends.open()
    await lab.quiet()
  },
}

export const headsTakePlaces: Scenario = {
  id: 'OR-15',
  title: 'a key with many messages waiting takes one place; other keys use the rest',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 25,
  async run(lab) {
    const ends = gate()
    const cold: string[] = []
    const hot: number[] = []
    const bus = await lab.bus({
      name: 'stock',
      concurrency: 2,
      handlers: [
        handle(MoveStock, async ({ item, n }) => {
          if (item !== 'hot') return void cold.push(item)
          await ends.opened
          hot.push(n)
        }),
      ],
    })
    for (let n = 0; n < 20; n += 1) await lab.send(bus, new MoveStock({ item: 'hot', n }))
    for (let key = 0; key < 5; key += 1) await lab.send(bus, new MoveStock({ item: `cold-${key}`, n: 0 }))
    await lab.until('the other keys are handled while the hot one stands still', () => cold.length === 5)
    lab.check('the hot key has not moved').empty(hot)
    ends.open()
    await lab.quiet()
    lab.check('then it goes on in its order').equal(
      hot,
      Array.from({ length: 20 }, (_, n) => n),
    )
  },
}
