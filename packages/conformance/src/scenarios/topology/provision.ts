import { Event, handle, on } from '@waybill/core'
import { z } from 'zod'
import { CancelOrder, OrderCancelled, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'
import type { Lab } from '../../lab/lab.js'

const entities = async (lab: Lab): Promise<object> => {
  const { endpoints, topics } = await lab.doors.entities()
  const known = endpoints.filter(({ name }) => !name.includes('.replies.'))
  return {
    endpoints: known.map(({ name, topics: of }) => ({ name, topics: of.toSorted() })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    topics: topics.toSorted(),
  }
}
const handlers = [handle(CancelOrder, () => undefined), on(OrderPlaced, { id: 'orders.track' }, () => undefined)]

export const twice: Scenario = {
  id: 'TP-01',
  title: 'a second start changes nothing on the broker',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    await lab.stop(await lab.bus({ handlers, sends: [OrderCancelled] }))
    const before = await entities(lab)
    await lab.stop(await lab.bus({ handlers, sends: [OrderCancelled] }))
    lab.check('what exists is the same').equal(await entities(lab), before)
  },
}

export const tenAtOnce: Scenario = {
  id: 'TP-02',
  title: 'ten instances that start at once all start, make each entity once, and all consume',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 50,
  async run(lab) {
    let handled = 0
    const buses = Array.from({ length: 10 }, () => lab.newBus({ concurrency: 1, handlers: [handle(CancelOrder, () => void (handled += 1))] }))
    await Promise.all(buses.map((bus) => lab.start(bus)))
    const { endpoints } = await lab.doors.entities()
    lab.check('one endpoint').equal(endpoints.filter(({ name }) => name === 'orders').length, 1)
    lab.check('ten consumers').equal(await lab.doors.consumerCount('orders'), 10)
    const caller = await lab.bus()
    for (let n = 0; n < 50; n += 1) await lab.send(caller, new CancelOrder({ id: `o${n}` }))
    await lab.quiet({ drain: false })
    lab.check('all is handled').equal(handled, 50)
  },
}

export const checkMode: Scenario = {
  id: 'TP-05',
  title: 'with provisioning "check" a bus whose endpoint is missing refuses to start, names it, and makes nothing',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const before = await entities(lab)
    const error = await lab.rejection(lab.start(lab.newBus({ provision: 'check', handlers })))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('the endpoint is named').matches(error instanceof Error ? error.message : '', 'orders')
    lab.check('nothing was made').equal(await entities(lab), before)
    await lab.stop(await lab.bus({ handlers }))
    lab.check('with all of it there the check passes').equal(await lab.rejection(lab.start(lab.newBus({ provision: 'check', handlers }))), undefined)
  },
}

export const noneMode: Scenario = {
  id: 'TP-07',
  title: 'with provisioning "none" a bus makes, changes and removes nothing, and works with what is there',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    await lab.stop(await lab.bus({ handlers }))
    const before = await entities(lab)
    const handled: string[] = []
    const bus = await lab.bus({
      provision: 'none',
      handlers: [handle(CancelOrder, ({ id }) => void handled.push(id)), on(OrderPlaced, { id: 'orders.track' }, () => undefined)],
    })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.until('it works', () => handled.length === 1)
    await lab.stop(bus)
    lab.check('what exists is the same').equal(await entities(lab), before)
  },
}

const long = `long.${'x'.repeat(300)}`

export const names: Scenario = {
  id: 'TP-09',
  title: 'names that no broker takes are refused before anything is made, each with what is wrong',
  group: 'TP',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    const before = await entities(lab)
    for (const name of ['', 'with space', `n${'x'.repeat(300)}`, 'ctrl\u0007']) {
      const error = await lab.rejection(
        (async () => lab.start(lab.newBus({ name, handlers: [handle(CancelOrder, () => undefined)], routes: { 'orders.cancel': name } })))(),
      )
      lab.check(`a bus named ${JSON.stringify(name.slice(0, 12))} is refused`).error(error, { code: /^WAYBILL_/ })
    }
    const type = await lab.rejection((async () => void class extends Event(long as 'a', z.object({})) {})())
    lab.check('and so is a type of 305 characters').error(type, { code: /^WAYBILL_/ })
    lab.check('nothing was made').equal(await entities(lab), before)
  },
}

export const leftAlone: Scenario = {
  id: 'TP-11',
  title: 'what a bus no longer needs is left where it is: nothing is removed by a start or a stop',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    lab.expectLog('warn')
    await lab.stop(await lab.bus({ name: 'other', handlers: [on(OrderPlaced, { id: 'other.track' }, () => undefined)] }))
    await lab.stop(await lab.bus({ handlers }))
    const before = await entities(lab)
    await lab.stop(await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] }))
    lab.check('all of it is still there').equal(await entities(lab), before)
  },
}

export const plan: Scenario = {
  id: 'TP-12',
  title: 'the same options describe the same plan, without a broker, and starting changes nothing of it',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 0,
  async run(lab) {
    const options = { handlers, sends: [OrderCancelled] }
    const [one, two] = [lab.newBus(options), lab.newBus(options)]
    const before = await one.describe()
    lab.check('twice the same').equal((await two.describe()).text, before.text)
    lab.check('it names endpoint and topic').equal(
      before.endpoints.map(({ name, topics }) => [name, topics]),
      [['orders', ['orders.placed']]],
    )
    await lab.start(one)
    const after = await one.describe()
    lab
      .check('the start adds its report and nothing else')
      .equal([after.endpoints, after.routes, after.pipelines], [before.endpoints, before.routes, before.pipelines])
  },
}

export const everyPath: Scenario = {
  id: 'TP-13',
  title: 'endpoint and topics are declared alike by whoever comes first: subscriber, sender or publisher',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const publisher = await lab.bus({ name: 'publisher', sends: [OrderPlaced] })
    const heard: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, () => undefined), on(OrderPlaced, { id: 'orders.track' }, ({ id }) => void heard.push(id))] })
    const second = await lab.bus({ name: 'second', sends: [OrderPlaced] })
    for (const [bus, id] of [
      [publisher, 'o1'],
      [second, 'o2'],
    ] as const)
      await lab.publish(bus, new OrderPlaced({ id }))
    await lab.quiet({ drain: false })
    lab.check('both arrive').sameMembers(heard, ['o1', 'o2'])
    const { topics, endpoints } = await lab.doors.entities()
    lab.check('one topic').equal(topics.filter((name) => name === 'orders.placed').length, 1)
    lab.check('one endpoint').equal(endpoints.filter(({ name }) => name === 'orders').length, 1)
  },
}

export const usedAtOnce: Scenario = {
  id: 'TP-15',
  title: 'the first publish right after the start succeeds, also to a topic that was not declared',
  group: 'TP',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const heard: string[] = []
    await lab.bus({ handlers: [on(OrderPlaced, { id: 'orders.track' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus()
    lab.check('it is confirmed').equal(await lab.rejection(lab.publish(caller, new OrderPlaced({ id: 'o1' }))), undefined)
    lab
      .check('nobody subscribes to this one')
      .equal(await lab.rejection(lab.bounded('publishing to nobody', caller.publish(new OrderCancelled({ id: 'o1' })))), undefined)
    await lab.quiet({ drain: false })
    lab.check('it arrives').equal(heard, ['o1'])
  },
  exempt: { I1: 'one event is published to nobody on purpose' },
}
