import { handle, on } from '@waybill/core'
import type { InboxStore } from '@waybill/core/contract'
import { memoryInbox } from '@waybill/core/memory'
import { idempotency, standardPipeline } from '@waybill/core/middleware'
import { CancelOrder, GetOrder, ids, OrderCancelled, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const onPurpose = 'the same id is sent more than once on purpose'

/** A store of the process is enough here: the processes of a scenario are one. */
const inbox = () => ({ stores: { inbox: memoryInbox() }, pipeline: standardPipeline({ idempotency: { acceptMemory: true, lease: '5s' } }) })

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
    await lab.pass(8_000)
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
