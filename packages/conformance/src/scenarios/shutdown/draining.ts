import { handle, on } from '@waybill/core'
import { confirmedFirst } from '../confirmed-first.js'
import { CancelOrder, gate, ids, OrderCancelled } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const giveBack: Scenario = {
  id: 'GS-02',
  title: 'what a stopping instance holds and has not started is with another one within a second, uncounted',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 50,
  async run(lab) {
    const ends = gate()
    const [first, second]: [string[], string[]] = [[], []]
    const attempts: number[] = []
    const bus = await lab.bus({
      concurrency: 1,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          first.push(id)
          await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(ids(50).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('the first one runs', () => first.length === 1)
    await lab.bus({
      handlers: [
        handle(CancelOrder, ({ id }, { attempt }) => {
          second.push(id)
          attempts.push(attempt)
        }),
      ],
    })
    const stopping = lab.stop(bus)
    ends.open()
    await stopping
    const bound = Math.max(1_000, 2 * (lab.place.pollMs ?? 0))
    await lab.until('another instance has handled the rest', () => second.length === 49, bound)
    const { deliveryCount } = lab.place.transport().create().capabilities
    if (deliveryCount === 'crashes')
      lab.check('the broker has not counted it').empty(lab.seen('deliver').filter(({ delivery }) => delivery.deliveryCount !== 1))
    lab.check('each ran once').sameMembers([...first, ...second], ids(50))
    lab.check('a return is no attempt').empty(attempts.filter((attempt) => attempt !== 1))
    await lab.quiet()
  },
}

export const sendsInFlight: Scenario = {
  id: 'GS-03',
  title: 'a stop settles every send that is under way, and what was confirmed is there',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    const sends = ids(1_000).map(async (id) => ((await lab.rejection(lab.send(caller, new CancelOrder({ id })))) === undefined ? id : undefined))
    await lab.stop(caller)
    const confirmed = (await lab.bounded('every send settles', Promise.all(sends))).filter((id) => id !== undefined)
    await lab.quiet()
    lab.check('some were confirmed').atLeast(confirmed.length, 1)
    const there = new Set(handled)
    lab.check('each of these was handled').empty(confirmed.filter((id) => !there.has(id)))
  },
}

export const publishWhileDraining: Scenario = {
  id: 'GS-04',
  title: 'what a handler sends while the bus stops is confirmed before its message is accepted',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    const ends = gate()
    const heard: string[] = []
    let running = false
    const bus = await lab.bus({
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          running = true
          await ends.opened
          await context.publish(new OrderCancelled({ id }), { id: 'caused' })
        }),
      ],
      sends: [OrderCancelled],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'cause' })
    await lab.until('the handler runs', () => running)
    const stopping = lab.stop(bus)
    ends.open()
    lab.check('nobody is left unfinished').equal(await stopping, { unfinished: [] })
    await lab.until('the event arrives', () => heard.length === 1)
    lab.check('it was confirmed before its message was accepted').isTrue(confirmedFirst(lab, 'cause'))
    lab.check('nothing of the message is left').equal((await lab.doors.depth('orders')).ready, 0)
    await lab.quiet()
  },
}

export const drainTimeout: Scenario = {
  id: 'GS-05',
  title: 'at the deadline of a stop the signal aborts, the message goes back, and the stop says whose it was',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    const reasons: unknown[] = []
    let running = false
    const bus = await lab.bus({
      stopTimeout: '1s',
      handlers: [
        handle(CancelOrder, async (_, { signal }) => {
          running = true
          signal.addEventListener('abort', () => void reasons.push(signal.reason))
          await new Promise(() => undefined)
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1' })
    await lab.until('the handler runs', () => running)
    const began = lab.now()
    const stopped = await lab.stop(bus)
    lab.check('the stop says whose it was').equal(
      stopped.unfinished.map(({ handler, messageId }) => [handler, messageId]),
      [['orders.cancel', 'message-1']],
    )
    lab.check('it resolves at the deadline').between(lab.now() - began, 900, 5_000)
    lab.check('the handler was told why').matches(String((reasons[0] as Error | undefined)?.message ?? reasons[0]), 'stop')
    const attempts: number[] = []
    await lab.bus({ handlers: [handle(CancelOrder, (_, { attempt }) => void attempts.push(attempt))] })
    await lab.quiet()
    lab.check('another run handles it, and the first was no failure').equal(attempts, [1])
  },
}

export const stopFromHandler: Scenario = {
  id: 'GS-14',
  title: 'a handler may stop its own bus: there is no deadlock, and its message is accepted',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    let stopping: Promise<unknown> | undefined
    const bus = await lab.bus({ handlers: [handle(CancelOrder, () => void (stopping = lab.stop(bus)))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('the handler has run', () => stopping !== undefined)
    lab.check('the stop comes to its end').equal(await stopping, { unfinished: [] })
    lab.check('the message is accepted').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 0, delayed: 0 })
  },
}
