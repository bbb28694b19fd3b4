import { Event, handle, on, type Middleware } from '@waybill/core'
import { z } from 'zod'
import { CancelOrder, ids } from '../messages.js'
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
    const old = await lab.bus({ unknown: ['10s', '20s'], handlers: [handle(CancelOrder, () => undefined)] })
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
      unknown: ['10s', '20s'],
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

export const brokenCodec: Scenario = {
  id: 'PM-10',
  title: 'a body that a wire step cannot read follows the endpoint’s policy and then is a dead letter, its bytes untouched',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const masked: Middleware = {
      name: 'masked',
      incoming: {
        wire: (context, next) => {
          if (context.body[0] !== 0x7b) throw new Error('not masked by us')
          return next(context)
        },
      },
    }
    await lab.bus({ retry: { immediate: 1, delayed: [] }, middleware: [masked], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.publishRaw({ endpoint: 'orders' }, { body: new Uint8Array([1, 2, 3]), envelope: { ...foreign, id: 'bad' } })
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"next"}', envelope: { ...foreign, id: 'next' } })
    await lab.quiet()
    const dead = await lab.doors.deadLetters('orders')
    lab.check('one dead letter with its bytes').equal(
      dead.map(({ envelope, body }) => [envelope.id, [...(body ?? [])]]),
      [['bad', [1, 2, 3]]],
    )
    lab.check('the next one is handled').equal(handled, ['next'])
  },
}

export const oddCodec: Scenario = {
  id: 'PM-12',
  title: 'a wire step that throws what is no error is one failure like any other',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const odd: Middleware = {
      name: 'odd',
      incoming: {
        wire: (context, next) => {
          // oxlint-disable-next-line typescript/only-throw-error -- what is shown: it need not be an error
          if (context.id === 'bad') throw 'a text'
          return next(context)
        },
      },
    }
    await lab.bus({ retry: { immediate: 1, delayed: [] }, middleware: [odd], handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    for (const id of ['bad', 'next']) await lab.publishRaw({ endpoint: 'orders' }, { body: JSON.stringify({ id }), envelope: { ...foreign, id } })
    await lab.quiet()
    lab.check('it is a dead letter').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id),
      ['bad'],
    )
    lab.check('the next one is handled').equal(handled, ['next'])
  },
}

export const amongMany: Scenario = {
  id: 'PM-13',
  title: 'of fifty messages only the one that cannot be read is a dead letter',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 50,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    await lab.stop(await lab.bus({ handlers }))
    for (const id of ids(50)) await lab.publishRaw({ endpoint: 'orders' }, { body: id === 'o1' ? '{' : JSON.stringify({ id }), envelope: { ...foreign, id } })
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('it alone').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.id),
      ['o1'],
    )
    lab.check('the others are handled, also those behind it').sameMembers(handled, ids(50).slice(1))
  },
}

export const settlementOfPoison: Scenario = {
  id: 'PM-16',
  title: 'when the settlement of a bad message is lost it is repeated: still one dead letter',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'door:loseSettlements'],
  deliveries: 1,
  faults: ['loseSettlements'],
  async run(lab) {
    lab.expectLog('dead-lettered')
    const bus = await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
    await lab.faults.loseSettlements({ on: bus, times: 2 })
    await lab.publishRaw({ endpoint: 'orders' }, { body: 'no json', envelope: { ...foreign, id: 'bad' } })
    await lab.quiet()
    lab.check('one dead letter').equal((await lab.doors.deadLetters('orders')).length, 1)
  },
}

export const crashPoison: Scenario = {
  id: 'PM-17',
  title: 'a message that brings its consumer down again and again is put away; those that were only beside it are handled',
  group: 'PM',
  tier: 'T1',
  needs: ['private-address', 'counts-crashes', 'door:cut'],
  deliveries: 10,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('error')
    const handled: string[] = []
    let round = 1
    const bus = await lab.bus({
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          // In the first rounds the neighbours are caught beside it.
          if (id === 'fatal' || round < 3) await new Promise(() => undefined)
          handled.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'fatal' }), { id: 'fatal' })
    for (const id of ids(9)) await lab.send(caller, new CancelOrder({ id }))
    const isPutAway = async (): Promise<boolean> => (await lab.doors.deadLetters('orders')).length > 0
    const runs = (): number => lab.seen('invoke').filter(({ envelope }) => envelope.id === 'fatal').length
    while (round <= 25) {
      await lab.until(`the fatal one runs for the ${round}th time, or is put away`, async () => runs() === round || (await isPutAway()), 60_000)
      if (await isPutAway()) break
      round += 1
      await lab.faults.cut({ on: bus })
    }
    await lab.quiet()
    lab.check('the fatal one is put away, and it alone').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['fatal', 'crash-loop']],
    )
    lab.check('its neighbours are handled, each once').sameMembers(handled, ids(9))
  },
}
