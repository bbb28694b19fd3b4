import { handle, on } from '@waybill/core'
import { memoryInbox } from '@waybill/core/memory'
import { standardPipeline } from '@waybill/core/middleware'
import { CancelOrder, gate, ids, OrderCancelled } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

const raw = (id: string, order: string) => ({
  body: JSON.stringify({ id: order }),
  envelope: { ...foreign, id },
})
const onPurpose = 'the same id is sent more than once on purpose'

/** A store of the process is enough here: the processes of a scenario are one. */
const inbox = () => ({ stores: { inbox: memoryInbox() }, pipeline: standardPipeline({ idempotency: { acceptMemory: true } }) })

export const sameIdTwice: Scenario = {
  id: 'DU-03',
  title: 'the same id twice runs twice without an inbox, and once with one; both deliveries are accepted',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 4,
  exempt: { I1: onPurpose, I8: onPurpose, I11: onPurpose },
  async run(lab) {
    const runs = { without: 0, with: 0 }
    const without = await lab.bus({ handlers: [handle(CancelOrder, () => void (runs.without += 1))] })
    for (let n = 0; n < 2; n += 1) await lab.publishRaw({ endpoint: 'orders' }, raw('message-1', 'o1'))
    await lab.until('both ran', () => runs.without === 2)
    await lab.stop(without)
    await lab.bus({ ...inbox(), handlers: [handle(CancelOrder, () => void (runs.with += 1))] })
    for (let n = 0; n < 2; n += 1) await lab.publishRaw({ endpoint: 'orders' }, raw('message-2', 'o1'))
    await lab.quiet({ drain: false })
    lab.check('twice, and once').equal(runs, { without: 2, with: 1 })
    lab.check('all four are accepted').equal(
      lab.seen('settle').map(({ disposition }) => disposition),
      Array(4).fill('accepted'),
    )
  },
}

export const concurrentDuplicates: Scenario = {
  id: 'DU-05',
  title: 'of a hundred pairs of duplicates at two instances each has its effect once, and none ends in an error',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 200,
  exempt: { I1: onPurpose, I8: onPurpose },
  async run(lab) {
    const shared = inbox()
    const effects: string[] = []
    const handlers = [
      handle(CancelOrder, async ({ id }) => {
        await lab.turns(2)
        effects.push(id)
        lab.note({ kind: 'effect', logical: id })
      }),
    ]
    for (let instance = 0; instance < 2; instance += 1) await lab.bus({ ...shared, handlers })
    for (const id of ids(100)) for (let n = 0; n < 2; n += 1) await lab.publishRaw({ endpoint: 'orders' }, raw(`message-${id}`, id))
    await lab.quiet({ drain: false })
    lab.check('one effect each').sameMembers(effects, ids(100))
    lab.check('no dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}

export const duplicateOfAFailure: Scenario = {
  id: 'DU-06',
  title: 'a duplicate waits, unsettled, while the first runs; when the first fails the work is done all the same, once',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  exempt: { I1: onPurpose, I8: onPurpose },
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const ends = gate()
    let runs = 0
    const effects: string[] = []
    await lab.bus({
      ...inbox(),
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          runs += 1
          if (runs === 1) {
            await ends.opened
            throw new Error('the first fails')
          }
          effects.push(id)
          lab.note({ kind: 'effect', logical: id })
        }),
      ],
    })
    for (let n = 0; n < 2; n += 1) await lab.publishRaw({ endpoint: 'orders' }, raw('message-1', 'o1'))
    await lab.until('both are here', async () => (await lab.doors.depth('orders')).unsettled === 2)
    await lab.pass(1_000)
    lab.check('one runs, the other waits and is not accepted').equal([runs, lab.seen('settle').length], [1, 0])
    ends.open()
    await lab.quiet({ drain: false })
    lab.check('done once').equal(effects, ['o1'])
  },
}

export const perHandlerAndSubscription: Scenario = {
  id: 'DU-07',
  title: 'one id runs once per handler and subscription: none takes it from another',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 4,
  exempt: { I1: onPurpose, I8: onPurpose },
  async run(lab) {
    const shared = inbox()
    const runs: string[] = []
    const note = (handler: string) => on(OrderCancelled, { id: handler }, () => void runs.push(handler))
    await lab.bus({ ...shared, handlers: [note('orders.one'), note('orders.two')] })
    await lab.bus({ ...shared, name: 'stock', handlers: [note('stock.one')] })
    const caller = await lab.bus({ sends: [OrderCancelled] })
    for (let n = 0; n < 2; n += 1) await lab.publish(caller, new OrderCancelled({ id: 'o1' }), { id: 'message-1' })
    await lab.quiet({ drain: false })
    lab.check('each once').sameMembers(runs, ['orders.one', 'orders.two', 'stock.one'])
  },
}

export const duplicateInOneFetch: Scenario = {
  id: 'DU-10',
  title: 'a duplicate in one fetch with the first has no effect of its own, and its neighbours are unaffected',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 5,
  exempt: { I1: onPurpose, I8: onPurpose },
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    const shared = inbox()
    await lab.stop(await lab.bus({ ...shared, handlers }))
    for (const id of ['a', 'b', 'b', 'c', 'a']) await lab.publishRaw({ endpoint: 'orders' }, raw(`message-${id}`, id))
    await lab.bus({ ...shared, handlers })
    await lab.quiet({ drain: false })
    lab.check('each once').sameMembers(handled, ['a', 'b', 'c'])
  },
}
