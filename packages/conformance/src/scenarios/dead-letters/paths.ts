import { handle, on } from '@waybill/core'
import { CancelOrder, ids, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

const fails = (): never => {
  throw new Error('always')
}

export const crashBetween: Scenario = {
  id: 'DQ-02',
  title: 'a crash between the dead letter and the settlement makes at least one dead letter, never none, all of one id',
  exempt: { I8: 'the second dead letter is what a crash at this point costs' },
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  faults: ['crash'],
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handlers = [handle(CancelOrder, { retry: { immediate: 0, delayed: [] } }, fails)]
    const victim = await lab.bus({ handlers })
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('after-copies', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1' })
    lab.check('it dies').isTrue(await reached)
    lab.check('the dead letter is there already').equal((await lab.doors.deadLetters('orders')).length, 1)
    lab.check('the message too').isTrue((await lab.doors.depth('orders')).ready === 1)
    await lab.bus({ handlers })
    await lab.quiet()
    const dead = await lab.doors.deadLetters('orders')
    lab.check('at least one').atLeast(dead.length, 1)
    lab.check('of one id').equal([...new Set(dead.map(({ envelope }) => envelope.id))], ['message-1'])
  },
}

export const crashBefore: Scenario = {
  id: 'DQ-16',
  title: 'a crash before the dead letter leaves the message: it is dead-lettered by the next instance',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  faults: ['crash'],
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handlers = [handle(CancelOrder, { retry: { immediate: 0, delayed: [] } }, fails)]
    const victim = await lab.bus({ handlers })
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('after-recover', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    lab.check('it dies').isTrue(await reached)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('one dead letter').equal((await lab.doors.deadLetters('orders')).length, 1)
  },
}

export const deadLettersRefused: Scenario = {
  id: 'DQ-03',
  title: 'while the dead-letter endpoint takes nothing the source keeps its message, raises one alarm, and goes on by itself',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 1,
  faults: ['refuseSends'],
  async run(lab) {
    lab.expectLog('is paused')
    lab.expectLog('dead-lettered')
    let runs = 0
    const bus = await lab.bus({
      publishTimeout: '1s',
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(CancelOrder, () => {
          runs += 1
          fails()
        }),
      ],
    })
    const caller = await lab.bus()
    const refused = await lab.faults.refuseSends({ on: bus, times: 1_000, retryable: false })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('the endpoint is paused', () => bus.health().endpoints.some(({ paused }) => paused.length > 0))
    await lab.pass(10_000)
    lab.check('the source keeps it').equal((await lab.doors.depth('orders')).unsettled, 1)
    lab.check('it ran once, in no loop').equal(runs, 1)
    lab.check('one alarm').equal(lab.log.records.filter(({ level }) => level === 'error').length, 1)
    await refused.end()
    await lab.quiet()
    lab.check('then it is a dead letter').equal((await lab.doors.deadLetters('orders')).length, 1)
  },
}

export const nothingUnsettled: Scenario = {
  id: 'DQ-05',
  title: 'after twenty dead letters nothing of them is left at the source',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const bus = await lab.bus({ handlers: [handle(CancelOrder, { retry: { immediate: 0, delayed: [] } }, fails)] })
    const caller = await lab.bus()
    for (const id of ids(20)) await lab.send(caller, new CancelOrder({ id }), { id: `message-${id}` })
    await lab.quiet()
    await lab.stop(bus)
    lab.check('the source is empty').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 0, delayed: 0 })
    lab.check('each is a dead letter, once').sameMembers(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id ?? ''),
      ids(20).map((id) => `message-${id}`),
    )
  },
}

export const perHandler: Scenario = {
  id: 'DQ-07',
  title: 'each handler that fails has a dead letter of its own at its own endpoint, though the id is one',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const retry = { immediate: 0, delayed: [] } as const
    await lab.bus({
      handlers: [
        on(OrderPlaced, { id: 'orders.one', retry }, fails),
        on(OrderPlaced, { id: 'orders.two', retry }, fails),
        on(OrderPlaced, { id: 'orders.well' }, () => undefined),
      ],
    })
    await lab.bus({ name: 'stock', handlers: [on(OrderPlaced, { id: 'stock.well' }, () => undefined)] })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }), { id: 'message-1' })
    await lab.quiet()
    lab.check('one for each that failed').sameMembers(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => `${envelope.id} ${envelope.system['dead-letter-handler']}`),
      ['message-1 orders.one', 'message-1 orders.two'],
    )
    lab.check('none for the other subscription').empty(await lab.doors.deadLetters('stock'))
  },
}

export const browse: Scenario = {
  id: 'DQ-08',
  title: 'dead letters can be looked at without being moved, and one that nobody can read hides no other',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('dead-lettered')
    await lab.bus({ handlers: [handle(CancelOrder, { retry: { immediate: 0, delayed: [] } }, fails)] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'first' })
    await lab.publishRaw(
      { endpoint: 'orders' },
      {
        body: new Uint8Array([0xff, 0xfe, 0x00]),
        envelope: {
          ...foreign,
          id: 'second',
        },
      },
    )
    await lab.send(caller, new CancelOrder({ id: 'o3' }), { id: 'third' })
    await lab.quiet()
    const twice = [await lab.doors.deadLetters('orders'), await lab.doors.deadLetters('orders')]
    for (const dead of twice)
      lab.check('all three are seen').sameMembers(
        dead.map(({ envelope }) => envelope.id ?? ''),
        ['first', 'second', 'third'],
      )
    const unreadable = twice[0]?.find(({ envelope }) => envelope.id === 'second')
    lab.check('its bytes are those that came').equal([...(unreadable?.body ?? [])], [0xff, 0xfe, 0x00])
  },
}

export const expiredOnes: Scenario = {
  id: 'DQ-14',
  title: 'what has expired is a dead letter with that reason, and stays there',
  group: 'DQ',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    await lab.stop(await lab.bus({ handlers }))
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1', expiresIn: '1s' })
    await lab.pass(9_000)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('it has not run').empty(handled)
    lab.check('it lies there').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['message-1', 'expired']],
    )
  },
}
