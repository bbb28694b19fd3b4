import { handle, on } from '@waybill/core'
import { CancelOrder, ids, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

const raw = (id: string, type: string) => ({
  body: '{"id":"o1"}',
  envelope: { ...foreign, id, type, kind: 'event' },
})

export const noHandler: Scenario = {
  id: 'DS-16',
  title:
    'a known type without a handler is a dead letter at the own address, accepted and counted through a topic; an unknown type waits, then is a dead letter',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    // A subscription that an earlier version has left.
    await lab.stop(await lab.bus({ handlers: [handle(CancelOrder, () => undefined), on(OrderPlaced, { id: 'orders.track' }, () => undefined)] }))
    const handled: string[] = []
    await lab.bus({ unknown: ['2s'], sends: [OrderPlaced], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.publishRaw({ topic: 'orders.placed' }, raw('through-topic', 'orders.placed'))
    await lab.publishRaw({ endpoint: 'orders' }, { ...raw('at-address', 'orders.placed') })
    await lab.publishRaw({ endpoint: 'orders' }, { ...raw('unknown', 'orders.invented') })
    await lab.quiet()
    const dead = await lab.doors.deadLetters('orders')
    lab.check('what lies with the dead letters, and why').equal(dead.map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]).toSorted(), [
      ['at-address', 'no-handler'],
      ['unknown', 'unknown-type'],
    ])
    lab.check('the other is counted').equal(lab.seen('count').filter(({ what }) => what === 'ignored').length, 1)
    lab.check('the unknown one was deferred before').atLeast(lab.seen('send').filter(({ purpose }) => purpose === 'retry').length, 1)
    lab.check('no handler has run').empty(handled)
  },
}

const thrown: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  text: () => 'a text',
  frozen: () => Object.freeze(new Error('frozen')),
  cyclic: () => {
    const error = new Error('cyclic')
    return Object.assign(error, { self: error, cause: error })
  },
  getter: () =>
    Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('no message')
      },
    }),
  object: () => ({ code: 7 }),
}

export const oddFailures: Scenario = {
  id: 'DS-19',
  title: 'whatever a handler throws is one failure, is a dead letter that can be read, and leaves the endpoint well',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: Object.keys(thrown).length * 2,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    let runs = 0
    const names = Object.keys(thrown)
    const bus = await lab.bus({
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          const make = thrown[id]
          if (make === undefined) return void handled.push(id)
          runs += 1
          if (runs % 2 === 0) await lab.turns(1)
          throw make()
        }),
      ],
    })
    for (const id of names) await lab.send(bus, new CancelOrder({ id }), { id: `message-${id}` })
    for (const id of ids(names.length)) await lab.send(bus, new CancelOrder({ id }))
    await lab.quiet()
    lab.check('each ran once').equal(runs, names.length)
    const dead = await lab.doors.deadLetters('orders')
    lab.check('each is a dead letter').sameMembers(
      dead.map(({ envelope }) => envelope.id ?? ''),
      names.map((id) => `message-${id}`),
    )
    lab
      .check('each says what was thrown')
      .empty(dead.filter(({ envelope }) => (envelope.system['dead-letter-error-name'] ?? '') === '').map(({ envelope }) => envelope.id))
    lab.check('the next ones are handled').sameMembers(handled, ids(names.length))
  },
}
