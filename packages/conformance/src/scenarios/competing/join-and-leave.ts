import { handle } from '@waybill/core'
import { CancelOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const joins: Scenario = {
  id: 'CC-02',
  title: 'an instance that joins in the middle gets its part, and nothing comes twice',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 500,
  async run(lab) {
    const [first, second]: [string[], string[]] = [[], []]
    const worker = (own: string[]) =>
      handle(CancelOrder, async ({ id }) => {
        own.push(id)
        await lab.turns(1)
      })
    await lab.bus({ concurrency: 5, handlers: [worker(first)] })
    const caller = await lab.bus()
    for (const id of ids(500)) {
      await lab.send(caller, new CancelOrder({ id }))
      if (id === 'o150') await lab.bus({ concurrency: 5, handlers: [worker(second)] })
    }
    await lab.quiet()
    lab.check('each is handled once').sameMembers([...first, ...second], ids(500))
    lab.check('the second does its part').atLeast(second.length, 35)
  },
}

export const leaves: Scenario = {
  id: 'CC-03',
  title: 'an instance that stops in the middle loses nothing and repeats nothing',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 300,
  async run(lab) {
    const handled: string[] = []
    const handlers = [
      handle(CancelOrder, async ({ id }) => {
        await lab.turns(2)
        handled.push(id)
      }),
    ]
    const leaving = await lab.bus({ concurrency: 4, handlers })
    await lab.bus({ concurrency: 4, handlers })
    const caller = await lab.bus()
    const sends = ids(300).map((id) => lab.send(caller, new CancelOrder({ id })))
    await lab.until('half is handled', () => handled.length >= 150)
    await lab.stop(leaving)
    await Promise.all(sends)
    await lab.quiet()
    lab.check('each is handled once').sameMembers(handled, ids(300))
  },
}

export const dies: Scenario = {
  id: 'CC-04',
  title: 'what an instance that dies was holding is handled by the other one, and only that may come twice',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 51,
  faults: ['crash'],
  async run(lab) {
    const handled = new Map<string, number>()
    let victims = 0
    const count = (id: string): void => void handled.set(id, (handled.get(id) ?? 0) + 1)
    const victim = await lab.bus({
      concurrency: 11,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          count(id)
          victims += 1
          await new Promise(() => undefined)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of ids(10)) await lab.send(caller, new CancelOrder({ id }))
    await lab.until('ten run', () => victims === 10)
    const { reached } = lab.faults.crash('after-receive', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'fatal' }))
    lab.check('it dies').isTrue(await reached)
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => count(id))] })
    for (const id of ids(30, 'p')) await lab.send(caller, new CancelOrder({ id }))
    await lab.quiet()
    lab.check('nothing is lost').sameMembers([...handled.keys()], [...ids(10), 'fatal', ...ids(30, 'p')])
    lab.check('only what it ran comes twice').atMost([...handled.values()].filter((runs) => runs > 1).length, 10)
  },
}

export const slowPeer: Scenario = {
  id: 'CC-06',
  title: 'a slow instance keeps only what it holds: the quick one handles the rest',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1_000,
  async run(lab) {
    const ends = gate()
    const [slow, quick]: [string[], string[]] = [[], []]
    await lab.bus({
      concurrency: 1,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          slow.push(id)
          await ends.opened
        }),
      ],
    })
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void quick.push(id))] })
    const caller = await lab.bus()
    await Promise.all(ids(1_000).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('the broker has nothing ready', async () => (await lab.doors.depth('orders')).ready === 0)
    const { unsettled } = await lab.doors.depth('orders')
    await lab.until('the quick one has handled all that the slow one does not hold', () => quick.length >= 1_000 - unsettled)
    lab.check('which is most of it').atLeast(quick.length, 850)
    ends.open()
    await lab.quiet()
    lab.check('each is handled once').sameMembers([...slow, ...quick], ids(1_000))
  },
}

export const crowd: Scenario = {
  id: 'CC-07',
  title: 'twenty instances share a thousand messages, none twice',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1_000,
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    for (let instance = 0; instance < 20; instance += 1) await lab.bus({ handlers })
    const caller = await lab.bus()
    await Promise.all(ids(1_000).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.quiet({ drain: false })
    lab.check('each is handled once').sameMembers(handled, ids(1_000))
  },
}

export const rollingRestart: Scenario = {
  id: 'CC-09',
  title: 'five rolling restarts under load lose nothing and repeat nothing',
  group: 'CC',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 200,
  async run(lab) {
    const handled: string[] = []
    const handlers = [
      handle(CancelOrder, async ({ id }) => {
        await lab.turns(1)
        handled.push(id)
      }),
    ]
    const buses = [await lab.bus({ handlers }), await lab.bus({ handlers }), await lab.bus({ handlers })]
    const caller = await lab.bus()
    for (let round = 0; round < 5; round += 1) {
      const sends = ids(40, `r${round}-`).map((id) => lab.send(caller, new CancelOrder({ id })))
      const [leaving] = buses.splice(0, 1)
      if (leaving !== undefined) await lab.stop(leaving)
      buses.push(await lab.bus({ handlers }))
      await Promise.all(sends)
    }
    await lab.quiet()
    lab.check('each is handled once').sameMembers(
      handled,
      [0, 1, 2, 3, 4].flatMap((round) => ids(40, `r${round}-`)),
    )
  },
}
