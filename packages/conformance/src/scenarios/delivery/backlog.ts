import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const backlogFirst: Scenario = {
  id: 'DS-02',
  title: 'what was sent while nobody consumed is there when somebody does',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 100,
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    await lab.stop(await lab.bus({ handlers }))
    const caller = await lab.bus()
    await Promise.all(ids(100).map((id) => lab.send(caller, new CancelOrder({ id }))))
    lab.check('all of them wait').equal((await lab.doors.depth('orders')).ready, 100)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('each is handled once').sameMembers(handled, ids(100))
  },
}

export const idle: Scenario = {
  id: 'DS-03',
  title: 'an idle endpoint calls no handler, and handles the next message without delay',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    await lab.pass(5_000)
    lab.check('nothing is handled while nothing is sent').empty(handled)
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('the next one is handled soon', () => handled.length === 1, Math.max(1_000, 2 * (lab.place.pollMs ?? 0)))
    await lab.quiet()
  },
}

export const acceptedIsGone: Scenario = {
  id: 'DS-04',
  title: 'what is accepted is gone: a new consumer finds nothing',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    const first: string[] = []
    const bus = await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void first.push(id))] })
    const caller = await lab.bus()
    await Promise.all(ids(20).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('all are handled', () => first.length === 20)
    await lab.stop(bus)
    lab.check('the broker has nothing').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 0, delayed: 0 })
    const second: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void second.push(id))] })
    await lab.pass(lab.windowMs)
    lab.check('a new consumer gets nothing').empty(second)
  },
}
