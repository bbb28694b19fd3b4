import { Event, on } from '@waybill/core'
import { z } from 'zod'
import { OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

const types = ['a', 'ab', 'a.b', 'a-b', 'a.b.c', 'a.bc', `long.${'x'.repeat(95)}`, `long.${'x'.repeat(94)}y`]
const events = types.map((type) => ({ type, Declared: class extends Event(type as 'a', z.object({ text: z.string() })) {} }))

export const topicNames: Scenario = {
  id: 'PS-09',
  title: 'topics whose names are alike have nothing to do with each other',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: types.length,
  async run(lab) {
    const heard: string[] = []
    for (const [index, { type, Declared }] of events.entries()) {
      await lab.bus({
        name: `listener-${index}`,
        handlers: [on(Declared, { id: `hear.${index}` }, ({ text }, context) => void heard.push(`${type}: ${text} as ${context.type}`))],
      })
    }
    const caller = await lab.bus({ sends: events.map(({ Declared }) => Declared) })
    for (const { type, Declared } of events) await lab.publish(caller, new Declared({ text: type }))
    await lab.quiet()
    lab.check('each is heard where it is subscribed, and nowhere else').sameMembers(
      heard,
      types.map((type) => `${type}: ${type} as ${type}`),
    )
  },
}

export const beforeTheBroker: Scenario = {
  id: 'PS-12',
  title: 'a subscription that starts while the broker is away is active when it is back',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address', 'door:refuseConnections'],
  deliveries: 1,
  faults: ['refuseConnections'],
  async run(lab) {
    lab.expectLog('warn')
    const heard: string[] = []
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.faults.refuseConnections({ times: 3 })
    await lab.bus({ handlers: [on(OrderPlaced, { id: 'orders.hear' }, ({ id }) => void heard.push(id))] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.until('it hears', () => heard.length === 1)
    await lab.quiet()
  },
}

export const sameHandlerTwice: Scenario = {
  id: 'PS-13',
  title: 'two handlers of one id are refused at start; with ids of their own each gets the event',
  group: 'PS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const heard: string[] = []
    const twice = lab.newBus({ handlers: [on(OrderPlaced, { id: 'orders.same' }, () => undefined), on(OrderPlaced, { id: 'orders.same' }, () => undefined)] })
    const error = await lab.rejection(lab.start(twice))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('the error names the id').matches(error instanceof Error ? error.message : '', 'orders.same')
    await lab.bus({ handlers: ['orders.one', 'orders.two'].map((id) => on(OrderPlaced, { id }, () => void heard.push(id))) })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet()
    lab.check('each runs once, in the order of their ids').equal(heard, ['orders.one', 'orders.two'])
  },
}
