import { on } from '@waybill/core'
import { ids, OrderCancelled, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

const names = ['orders', 'stock', 'mail']

export const fanOut: Scenario = {
  id: 'PS-01',
  title: 'each of three subscriptions gets every event once',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 300,
  async run(lab) {
    const heard: Record<string, string[]> = { orders: [], stock: [], mail: [] }
    for (const name of names) await lab.bus({ name, handlers: [on(OrderPlaced, { id: `${name}.hear` }, ({ id }) => void heard[name]?.push(id))] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await Promise.all(ids(100).map((id) => lab.publish(caller, new OrderPlaced({ id }))))
    await lab.quiet()
    for (const name of names) lab.check(`${name} hears each once`).sameMembers(heard[name] ?? [], ids(100))
  },
}

export const fanOutAndShare: Scenario = {
  id: 'PS-02',
  title: 'two subscriptions with two instances each: every event once per subscription',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 200,
  async run(lab) {
    const heard: Record<string, string[]> = { orders: [], stock: [] }
    for (const name of ['orders', 'stock', 'orders', 'stock']) {
      await lab.bus({ name, handlers: [on(OrderPlaced, { id: `${name}.hear` }, ({ id }) => void heard[name]?.push(id))] })
    }
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await Promise.all(ids(100).map((id) => lab.publish(caller, new OrderPlaced({ id }))))
    await lab.quiet()
    for (const name of ['orders', 'stock']) lab.check(`${name} hears each once`).sameMembers(heard[name] ?? [], ids(100))
  },
}

export const offline: Scenario = {
  id: 'PS-03',
  title: 'a subscription collects while its bus is stopped: exactly what was published meanwhile is there at its start',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 6,
  async run(lab) {
    const heard: string[] = []
    const handlers = [on(OrderPlaced, { id: 'orders.hear' }, ({ id }) => void heard.push(id))]
    await lab.stop(await lab.bus({ handlers }))
    const caller = await lab.bus({ sends: [OrderPlaced] })
    for (const id of ids(6)) await lab.publish(caller, new OrderPlaced({ id }))
    lab.check('nobody heard yet').empty(heard)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('exactly those').sameMembers(heard, ids(6))
  },
}

export const publisherFirst: Scenario = {
  id: 'PS-06',
  title: 'a publisher may start before every subscriber: its topic is there, and publishing to nobody is no error',
  exempt: { I1: 'one event is published to nobody on purpose' },
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const caller = await lab.bus({ sends: [OrderPlaced] })
    lab.check('the topic is there').isTrue((await lab.doors.entities()).topics.includes('orders.placed'), 'no topic')
    const error = await lab.rejection(lab.bounded('publishing to nobody', caller.publish(new OrderPlaced({ id: 'nobody' }))))
    lab.check('publishing to nobody is confirmed').equal(error, undefined)
    const heard: string[] = []
    await lab.bus({ handlers: [on(OrderPlaced, { id: 'orders.hear' }, ({ id }) => void heard.push(id))] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('a later subscriber hears what comes later').isTrue(heard.includes('o1'), heard.join())
  },
}

export const leftOver: Scenario = {
  id: 'PS-07',
  title: 'a type that a bus no longer handles grows no queue: what still comes is accepted and counted; others are unaffected',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 12,
  async run(lab) {
    lab.expectLog('warn')
    const both = [on(OrderPlaced, { id: 'orders.placed' }, () => undefined), on(OrderCancelled, { id: 'orders.cancelled' }, () => undefined)]
    await lab.stop(await lab.bus({ handlers: both }))
    const other: string[] = []
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.hear' }, ({ id }) => void other.push(id))] })
    const cancelled: string[] = []
    await lab.bus({ sends: [OrderPlaced], handlers: [on(OrderCancelled, { id: 'orders.cancelled' }, ({ id }) => void cancelled.push(id))] })
    const caller = await lab.bus({ sends: [OrderPlaced, OrderCancelled] })
    for (const id of ids(6)) await lab.publish(caller, new OrderPlaced({ id }))
    await lab.publish(caller, new OrderCancelled({ id: 'o1' }))
    await lab.quiet()
    lab.check('the other subscription is unaffected').sameMembers(other, ids(6))
    lab.check('the type that is left is handled').equal(cancelled, ['o1'])
    lab.check('nothing grows').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 0, delayed: 0 })
    lab.check('nothing is a dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}

export const failureIsolation: Scenario = {
  id: 'PS-08',
  title: 'a subscription that always fails fills its own dead letters only',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 40,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const heard: string[] = []
    await lab.bus({
      retry: { immediate: 1, delayed: [] },
      handlers: [
        on(OrderPlaced, { id: 'orders.fail' }, () => {
          throw new Error('always')
        }),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.hear' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    for (const id of ids(20)) await lab.publish(caller, new OrderPlaced({ id }))
    await lab.quiet()
    lab.check('the other hears each once').sameMembers(heard, ids(20))
    lab.check('the failing one has its dead letters').equal((await lab.doors.deadLetters('orders')).length, 20)
    lab.check('the other has none').empty(await lab.doors.deadLetters('stock'))
  },
}
