import { handle, on } from '@waybill/core'
import { memoryInbox } from '@waybill/core/memory'
import { standardPipeline } from '@waybill/core/middleware'
import { CancelOrder, GetOrder, ids, OrderCancelled, OrderPlaced, ShipOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

export const inboxBeforeFlush: Scenario = {
  id: 'WA-01',
  title: 'a process that dies between its handler and the flush has marked nothing: what the handler sent leaves with the next run',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  faults: ['crash'],
  async run(lab) {
    const inbox = memoryInbox()
    const options = { stores: { inbox }, pipeline: standardPipeline({ idempotency: { acceptMemory: true, lease: '5s' } }), sends: [OrderCancelled] }
    const heard: string[] = []
    const handlers = [handle(CancelOrder, ({ id }, context) => context.publish(new OrderCancelled({ id })))]
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const victim = await lab.bus({ ...options, handlers })
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('before-flush', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    lab.check('it dies').isTrue(await reached)
    await lab.pass(lab.windowMs)
    lab.check('nothing has left').empty(heard)
    await lab.bus({ ...options, handlers })
    await lab.quiet({ drain: false })
    lab.check('then it leaves, once').equal(heard, ['o1'])
  },
}

export const threeHandlers: Scenario = {
  id: 'WA-02',
  title: 'of three handlers the one that fails sends nothing and is tried again alone; what the other two sent leaves once',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 4,
  async run(lab) {
    lab.expectLog('failed, again')
    const runs: string[] = []
    const left: string[] = []
    const handler = (name: string) =>
      on(OrderPlaced, { id: `orders.${name}`, retry: { immediate: 1, delayed: ['1s'] } }, async (_, context) => {
        runs.push(name)
        await context.send(new CancelOrder({ id: `${name} ${context.attempt}` }))
        if (name === 'h2' && context.attempt < 3) throw new Error('not yet')
      })
    await lab.bus({ handlers: [handler('h1'), handler('h2'), handler('h3'), handle(CancelOrder, ({ id }) => void left.push(id))] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('who ran').sameMembers(runs, ['h1', 'h2', 'h2', 'h2', 'h3'])
    lab.check('what left').sameMembers(left, ['h1 1', 'h2 3', 'h3 1'])
  },
}

export const afterTheHandler: Scenario = {
  id: 'WA-03',
  title: 'what is sent after its handler has ended leaves at once and is counted; a request inside a handler leaves at once; a send resolves when it is held',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 4,
  async run(lab) {
    lab.expectLog('warn')
    const shipped: string[] = []
    let later: (() => Promise<void>) | undefined
    let heldFor: readonly string[] = ['?']
    const bus = await lab.bus({
      routes: { 'orders.get': 'catalogue' },
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          const { total } = await context.request(new GetOrder({ id }), { timeout: '5s' })
          await context.send(new ShipOrder({ id: `held ${total}` }))
          await lab.turns(3)
          heldFor = [...shipped]
          later = () => context.send(new ShipOrder({ id: 'later' }))
        }),
        handle(ShipOrder, ({ id }) => void shipped.push(id)),
      ],
      endpoints: { catalogue: { handlers: [handle(GetOrder, ({ id }) => ({ id, total: 7 }))] } },
    })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.until('the held one arrives', () => shipped.length === 1)
    lab.check('it was held while the handler ran').empty(heldFor)
    await lab.bounded('the later send', later?.() ?? Promise.reject(new Error('the handler has not run')))
    await lab.quiet()
    lab.check('both arrive').equal(shipped, ['held 7', 'later'])
    lab.check('the later one is counted').equal(lab.seen('count').filter(({ what }) => what === 'sent-after-handler').length, 1)
  },
}

export const twoSources: Scenario = {
  id: 'WA-05',
  title: 'two senders that number their messages alike do not take each other’s: an id is one of its source',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 6,
  exempt: { I1: 'ids are equal on purpose', I8: 'ids are equal on purpose', I16: 'ids are equal on purpose' },
  async run(lab) {
    const handled: string[] = []
    await lab.bus({
      stores: { inbox: memoryInbox() },
      pipeline: standardPipeline({ idempotency: { acceptMemory: true } }),
      handlers: [handle(CancelOrder, (_, { id, source }) => void handled.push(`${source} ${id}`))],
    })
    for (const source of ['a', 'b'])
      for (const id of ['1', '2', '3'])
        await lab.publishRaw(
          { endpoint: 'orders' },
          {
            body: '{"id":"o"}',
            envelope: { ...foreign, id, source },
          },
        )
    await lab.quiet({ drain: false })
    lab.check('each ran once').sameMembers(handled, ['a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3'])
  },
}

export const olderThanTheInbox: Scenario = {
  id: 'WA-06',
  title: 'a message that was delayed longer than an inbox remembers runs when it is due; it is new',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay', 'virtual-time'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({
      stores: { inbox: memoryInbox({ retention: '7d' }) },
      pipeline: standardPipeline({ idempotency: { acceptMemory: true } }),
      handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { delay: '10d' })
    await lab.quiet({ drain: false, withinMs: 11 * 24 * 3_600_000 })
    lab.check('it ran').equal(handled, ['o1'])
    lab.check('nothing is a dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}

export const copiesGoHome: Scenario = {
  id: 'WA-07',
  title: 'the retry copy of an event goes to the endpoint of its handler alone: no other subscription sees it',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    const runs: string[] = []
    await lab.bus({
      handlers: [
        on(OrderPlaced, { id: 'orders.track', retry: { immediate: 0, delayed: ['1s'] } }, (_, { attempt }) => {
          runs.push(`orders ${attempt}`)
          if (attempt === 1) throw new Error('once')
        }),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.hear' }, (_, { attempt }) => void runs.push(`stock ${attempt}`))] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('who ran').sameMembers(runs, ['orders 1', 'orders 2', 'stock 1'])
    const copies = lab.seen('send').filter(({ purpose }) => purpose === 'retry')
    lab.check('the copy went to its own address').equal(
      copies.map(({ outgoing: { destination } }) => (destination.kind === 'address' ? destination.address : `${destination.kind} ${destination.name}`)),
      ['endpoint orders'],
    )
  },
}

export const healthyDeploy: Scenario = {
  id: 'WA-11',
  title: 'a stop in the last attempt of a message makes no dead letter of it: the next instance runs that attempt',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    const attempts: number[] = []
    const handlers = [
      handle(CancelOrder, { retry: { immediate: 0, delayed: ['1s'] } }, async (_, { attempt, signal }) => {
        attempts.push(attempt)
        if (attempt === 1) throw new Error('once')
        if (attempts.length === 2) await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      }),
    ]
    const first = await lab.bus({ stopTimeout: '1s', handlers })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('the last attempt runs', () => attempts.length === 2)
    await lab.stop(first)
    lab.check('it is no dead letter').empty(await lab.doors.deadLetters('orders'))
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('the attempt is run again').equal(attempts, [1, 2, 2])
    lab.check('and still nothing is a dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}

export const tenRunning: Scenario = {
  id: 'WA-12',
  title: 'ten handlers that run when the bus stops are all accepted: a deploy repeats nothing, and what they send arrives',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    const shipped: string[] = []
    let running = 0
    const first = await lab.bus({
      concurrency: 10,
      routes: { 'orders.ship': 'stock' },
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          running += 1
          await lab.pass(500)
          await context.send(new ShipOrder({ id }))
        }),
      ],
    })
    await lab.bus({ name: 'stock', routes: { 'orders.ship': 'stock' }, handlers: [handle(ShipOrder, ({ id }) => void shipped.push(id))] })
    const caller = await lab.bus()
    for (const id of ids(10)) await lab.send(caller, new CancelOrder({ id }))
    await lab.until('ten run', () => running === 10)
    lab.check('all of them end').equal(await lab.stop(first), { unfinished: [] })
    lab.check('all of them are accepted').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 0, delayed: 0 })
    await lab.until('what they sent arrives', () => shipped.length === 10)
    lab.check('once each').sameMembers(shipped, ids(10))
  },
}
