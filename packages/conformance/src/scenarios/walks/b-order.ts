import { handle } from '@waybill/core'
import { foreign } from '../foreign.js'
import { gate, MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

const keys = Array.from({ length: 12 }, (_, index) => `k${index}`)

export const othersComeAndGo: Scenario = {
  id: 'WB-09',
  title: 'a run keeps its right while other instances come and go: its signal does not abort, and nobody starts the next one of its key',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 2,
  async run(lab) {
    const ends = gate()
    const aborted: string[] = []
    const runs: string[] = []
    const handlers = [
      handle(MoveStock, async ({ item, n }, { signal }) => {
        runs.push(`${item}${n}`)
        if (item !== 'held' || n > 1) return
        signal.addEventListener('abort', () => void aborted.push(String(signal.reason)))
        await ends.opened
      }),
    ]
    await lab.bus({ name: 'stock', handlers })
    const caller = await lab.bus()
    await lab.send(caller, new MoveStock({ item: 'held', n: 1 }))
    await lab.until('it runs', () => runs.includes('held1'))
    const second = await lab.bus({ name: 'stock', handlers })
    // The next one comes while somebody has joined who is idle.
    await lab.send(caller, new MoveStock({ item: 'held', n: 2 }))
    await lab.pass(5_000)
    await lab.bus({ name: 'stock', handlers })
    await lab.stop(second)
    await lab.pass(5_000)
    lab.check('its signal has not aborted').empty(aborted)
    lab.check('it runs once, and nothing of its key beside it').equal(
      runs.filter((run) => run.startsWith('held')),
      ['held1'],
    )
    ends.open()
    await lab.quiet()
    lab.check('then the next one, once').equal(runs, ['held1', 'held2'])
  },
}

export const oneBecomesThree: Scenario = {
  id: 'WB-10',
  title:
    'when one instance of an ordered endpoint becomes three, the new ones get their part and every key keeps its order; a foreign message without a key is handled',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'order-by-key', 'order-scales-out'],
  deliveries: keys.length * 30 + 1,
  async run(lab) {
    const handled: { readonly item: string; readonly n: number; readonly by: number }[] = []
    const join = (by: number) =>
      lab.bus({
        name: 'stock',
        handlers: [
          handle(MoveStock, async ({ item, n }) => {
            await lab.turns(2)
            handled.push({ item, n, by })
          }),
        ],
      })
    const caller = await lab.bus()
    const send = async (from: number): Promise<void> => {
      for (let n = from; n < from + 10; n += 1) await Promise.all(keys.map((item) => lab.send(caller, new MoveStock({ item, n }))))
    }
    await join(1)
    await send(0)
    const sending = send(10)
    await join(2)
    await join(3)
    await sending
    // Every key is free for whoever has room now.
    await lab.until('what came before is handled', () => handled.length === keys.length * 20)
    await send(20)
    await lab.publishRaw({ endpoint: 'stock' }, { body: '{"item":"without a key","n":0}', envelope: { ...foreign, id: 'keyless', type: 'stock.move' } })
    await lab.quiet()
    for (const key of keys)
      lab.check(`${key} is in order, each once`).equal(
        handled.filter(({ item }) => item === key).map(({ n }) => n),
        Array.from({ length: 30 }, (_, n) => n),
      )
    lab.check('all three have a part').sameMembers(
      [...new Set(handled.map(({ by }) => by))].filter((by) => by <= 3),
      [1, 2, 3],
    )
    lab.check('what has no key is handled').equal(handled.filter(({ item }) => item === 'without a key').length, 1)
  },
}
