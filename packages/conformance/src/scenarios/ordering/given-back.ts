import { handle } from '@waybill/core'
import { gate, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

const count = 150

/** More than one instance holds, so that some of the key never leave the broker. */
export const givenBackInPlace: Scenario = {
  id: 'OR-18',
  title: 'what a stop gives back of a key comes again before what has never left the broker',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: count,
  async run(lab) {
    const ends = gate()
    const handled: number[] = []
    const first = await lab.bus({
      name: 'stock',
      handlers: [
        handle(MoveStock, async ({ n }) => {
          handled.push(n)
          await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    const expected = Array.from({ length: count }, (_, n) => n)
    await Promise.all(expected.map((n) => lab.send(caller, new MoveStock({ item: 'bolt', n }))))
    await lab.until('the first one runs', () => handled.length === 1)
    const { ready, unsettled } = await lab.doors.depth('stock')
    lab.check('some are here, and some with the broker').isTrue(ready > 0 && unsettled > 1, `${ready} ready, ${unsettled} unsettled`)
    const stopping = lab.stop(first)
    ends.open()
    await stopping
    lab.check('nothing else was started').equal(handled, [0])
    await lab.bus({ name: 'stock', handlers: [handle(MoveStock, ({ n }) => void handled.push(n))] })
    await lab.quiet()
    lab.check('the key kept its order').equal(handled.join(), expected.join())
  },
}

export const givenBackBehindDone: Scenario = {
  id: 'OR-19',
  title: 'what waits for its key when the bus stops comes again, though later ones of other keys are done',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 6,
  async run(lab) {
    const ends = gate()
    const handled: string[] = []
    const first = await lab.bus({
      name: 'stock',
      handlers: [
        handle(MoveStock, async ({ item, n }) => {
          handled.push(`${item} ${n}`)
          if (item === 'slow') await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    for (const [item, n] of [
      ['slow', 1],
      ['slow', 2],
      ['slow', 3],
      ['quick', 1],
      ['quick', 2],
      ['quick', 3],
    ] as const) {
      await lab.send(caller, new MoveStock({ item, n }))
    }
    await lab.until('the other key is done', () => handled.length === 4)
    lab.check('the slow key waits behind its first').sameMembers(handled, ['slow 1', 'quick 1', 'quick 2', 'quick 3'])
    const stopping = lab.stop(first)
    ends.open()
    await stopping
    await lab.bus({ name: 'stock', handlers: [handle(MoveStock, ({ item, n }) => void handled.push(`${item} ${n}`))] })
    await lab.quiet()
    lab.check('the rest of the slow key follows, in its order').equal(handled.slice(4), ['slow 2', 'slow 3'])
  },
}
