import { handle, on } from '@waybill/core'
import type { InboxStore } from '@waybill/core/contract'
import { memoryInbox } from '@waybill/core/memory'
import { idempotency, standardPipeline } from '@waybill/core/middleware'
import { CancelOrder, GetOrder, gate, ids, OrderCancelled, PlaceOrder } from '../messages.js'
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

export const storeDown: Scenario = {
  id: 'DU-08',
  title: 'while the inbox is down a closed endpoint runs nothing and accepts nothing, and handles all of it later; an open one runs all and counts it',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 10,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('error')
    const store = memoryInbox()
    let isDown = true
    const flaky: InboxStore = {
      durability: store.durability,
      open: (host) => store.open(host),
      claim: (request, signal) => (isDown ? Promise.reject(new Error('the store is down')) : store.claim(request, signal)),
    }
    const closed: string[] = []
    const bus = await lab.bus({
      pipeline: standardPipeline({ idempotency: { store: flaky, acceptMemory: true } }),
      handlers: [handle(CancelOrder, ({ id }) => void closed.push(id))],
    })
    const caller = await lab.bus()
    for (const id of ids(5)) await lab.send(caller, new CancelOrder({ id }))
    await lab.pass(20_000)
    lab.check('nothing runs').empty(closed)
    lab.check('nothing is accepted').empty(lab.seen('settle'))
    isDown = false
    await lab.until('all of it is handled later', () => closed.length === 5, 60_000)
    await lab.quiet({ drain: false })
    await lab.stop(bus)
    isDown = true
    const open: string[] = []
    await lab.bus({
      pipeline: standardPipeline({ idempotency: { store: flaky, whenDown: 'open', acceptMemory: true } }),
      handlers: [handle(CancelOrder, ({ id }) => void open.push(id))],
    })
    for (const id of ids(5, 'p')) await lab.send(caller, new CancelOrder({ id }))
    await lab.quiet({ drain: false })
    lab.check('all of it runs').sameMembers(open, ids(5, 'p'))
    lab.check('and is counted').equal(lab.seen('count').filter(({ what }) => what === 'unguarded').length, 5)
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

export const storedReply: Scenario = {
  id: 'DU-11',
  title: 'a duplicate request gets the reply of the first, equal in bytes, and its handler does not run again',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 2,
  exempt: { I1: onPurpose, I8: onPurpose },
  async run(lab) {
    let runs = 0
    await lab.bus({ ...inbox(), handlers: [handle(PlaceOrder, ({ id }) => ({ id, total: (runs += 1) }))] })
    const caller = await lab.bus()
    const first = await lab.request(caller, new PlaceOrder({ id: 'o1' }), { id: 'request-1' })
    const second = await lab.request(caller, new PlaceOrder({ id: 'o1' }), { id: 'request-1' })
    lab.check('the same reply').equal(second, first)
    lab.check('one run').equal(runs, 1)
    const bodies = lab
      .seen('send')
      .filter(({ purpose }) => purpose === 'reply')
      .map(({ outgoing }) => Buffer.from(outgoing.envelope.body ?? []).toString('hex'))
    lab.check('two replies of equal bytes').equal([bodies.length, new Set(bodies).size], [2, 1])
    await lab.quiet({ drain: false })
  },
}

export const crashBeforeTheMark: Scenario = {
  id: 'DU-12',
  title: 'killed after the flush and before the mark the handler runs again and its messages have the same ids; killed after the mark it does not run again',
  group: 'DU',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 6,
  faults: ['crash'],
  exempt: {
    I1: 'the second run is what a crash before the mark costs',
    I8: 'the second run is what a crash before the mark costs',
    I16: 'the second run sends at a time of its own',
  },
  async run(lab) {
    const shared = inbox()
    const runs: string[] = []
    const heard: string[] = []
    const handlers = [
      handle(CancelOrder, async ({ id }, context) => {
        runs.push(id)
        await context.publish(new OrderCancelled({ id }))
      }),
    ]
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.hear' }, (event, { id }) => void heard.push(`${event.id} ${id}`))] })
    const caller = await lab.bus()
    for (const [id, point] of [
      ['before', 'before-mark'],
      ['after', 'after-mark'],
    ] as const) {
      const victim = await lab.bus({ ...shared, sends: [OrderCancelled], handlers })
      const { reached } = lab.faults.crash(point, { on: victim })
      await lab.send(caller, new CancelOrder({ id }))
      lab.check(`it dies ${point}`).isTrue(await reached)
      const next = await lab.bus({ ...shared, sends: [OrderCancelled], handlers })
      await lab.quiet({ drain: false })
      await lab.stop(next)
    }
    lab.check('runs').equal(runs.toSorted(), ['after', 'before', 'before'])
    lab.check('each event came, with one id').equal([...new Set(heard)].map((each) => each.split(' ')[0]).toSorted(), ['after', 'before'])
  },
}

export const idempotencyWithoutStore: Scenario = {
  id: 'DU-13',
  title: 'idempotency without a store is refused at start, and says what to give it',
  group: 'DU',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    const bus = lab.newBus({ pipeline: standardPipeline({ idempotency: true }), handlers: [handle(GetOrder, ({ id }) => ({ id, total: 1 }))] })
    const error = await lab.rejection(lab.start(bus))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('the error names the store').matches(error instanceof Error ? error.message : '', 'store')
    lab
      .check('its factory refuses nonsense, too')
      .isTrue((await lab.rejection((async () => void idempotency({ whenDown: 'sideways' as 'open' }))())) instanceof Error)
  },
}
