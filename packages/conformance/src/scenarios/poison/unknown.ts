import { Event, handle, on } from '@waybill/core'
import { z } from 'zod'
import { CancelOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

export const unknownType: Scenario = {
  id: 'PM-05',
  title: 'a message of an unknown type waits for an instance that knows it, and then is a dead letter; one that knows it meanwhile handles it',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const old = await lab.bus({ unknown: ['2s', '4s'], handlers: [handle(CancelOrder, () => undefined)] })
    const invented = { ...foreign, type: 'orders.invented', kind: 'event' }
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{}', envelope: { ...invented, id: 'never' } })
    await lab.quiet({ drain: false })
    lab.check('nobody knew it').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['never', 'unknown-type']],
    )
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{}', envelope: { ...invented, id: 'later' } })
    await lab.until('it waits', async () => (await lab.doors.depth('orders')).delayed === 1)
    await lab.stop(old)
    class Invented extends Event('orders.invented', z.object({})) {}
    const handled: string[] = []
    await lab.bus({
      unknown: ['2s', '4s'],
      handlers: [handle(CancelOrder, () => undefined), on(Invented, { id: 'orders.new' }, (_, { id }) => void handled.push(id))],
    })
    await lab.quiet()
    lab.check('the newer instance handles it').equal(handled, ['later'])
  },
}

export const newerVersion: Scenario = {
  id: 'PM-11',
  title: 'a version that is newer than known is treated as an unknown type: it waits, and no handler sees it',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    await lab.bus({ unknown: ['1s'], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"o1","reason":"new"}', envelope: { ...foreign, version: 9, id: 'newer' } })
    await lab.quiet()
    lab.check('it waited once').equal(lab.seen('send').filter(({ purpose }) => purpose === 'retry').length, 1)
    lab.check('then it is a dead letter').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['newer', 'unknown-type']],
    )
    lab.check('no handler saw it').empty(handled)
  },
}

export const unknownHandler: Scenario = {
  id: 'PM-18',
  title: 'a copy for a handler that nobody knows runs no other one: it waits, and then is a dead letter',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    await lab.bus({ unknown: ['1s'], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.publishRaw(
      { endpoint: 'orders' },
      { body: '{"id":"o1"}', envelope: { ...foreign, id: 'copy', system: { 'target-handler': 'orders.renamed', attempt: '1' } } },
    )
    await lab.quiet()
    lab.check('nobody ran').empty(handled)
    lab.check('it is a dead letter').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['copy', 'unknown-handler']],
    )
  },
}

export const renamedHandler: Scenario = {
  id: 'PM-19',
  title: 'a handler that lists its former id gets the copies that were made under it',
  exempt: { I8: 'the copy says that it has failed before, elsewhere' },
  group: 'PM',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const runs: string[] = []
    await lab.bus({
      handlers: [
        handle(CancelOrder, { id: 'orders.cancelling', formerIds: ['orders.renamed'] }, ({ id }, { attempt }) => void runs.push(`${id} at attempt ${attempt}`)),
      ],
    })
    await lab.publishRaw(
      { endpoint: 'orders' },
      { body: '{"id":"o1"}', envelope: { ...foreign, id: 'copy', system: { 'target-handler': 'orders.renamed', attempt: '1' } } },
    )
    await lab.quiet()
    lab.check('it ran, with its attempts').equal(runs, ['o1 at attempt 2'])
  },
}
