import { handle, type Middleware } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

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
