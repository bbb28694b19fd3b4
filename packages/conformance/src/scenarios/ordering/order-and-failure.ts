import { handle } from '@waybill/core'
import { MoveStock } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const orderUnderRetry: Scenario = {
  id: 'OR-05',
  title: 'while the head of a key is tried again its followers wait, and other keys go on',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 6,
  async run(lab) {
    const runs: string[] = []
    lab.expectLog('failed, again')
    const bus = await lab.bus({
      name: 'stock',
      handlers: [
        handle(MoveStock, { retry: { immediate: 1, delayed: ['2s', '4s'] } }, ({ item, n }, { attempt }) => {
          runs.push(`${item}${n}`)
          if (item === 'a' && n === 1 && attempt < 4) throw new Error(`attempt ${attempt}`)
        }),
      ],
    })
    for (const n of [1, 2, 3]) for (const item of ['a', 'b']) await lab.send(bus, new MoveStock({ item, n }))
    await lab.until('the other key is done', () => runs.filter((run) => run.startsWith('b')).length === 3)
    lab.check('nothing of the failing key has passed its head').empty(runs.filter((run) => run === 'a2' || run === 'a3'))
    await lab.quiet()
    lab.check('the key ran in its order, its head four times').equal(
      runs.filter((run) => run.startsWith('a')),
      ['a1', 'a1', 'a1', 'a1', 'a2', 'a3'],
    )
    lab.check('no copy was made of an ordered message').empty(lab.seen('send').filter(({ purpose }) => purpose === 'retry'))
  },
}

export const orderAfterDeadLetter: Scenario = {
  id: 'OR-06',
  title: 'when the head of a key is a dead letter, the key goes on with the next one',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 3,
  async run(lab) {
    const runs: number[] = []
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const bus = await lab.bus({
      name: 'stock',
      handlers: [
        handle(MoveStock, { retry: { immediate: 1, delayed: [] } }, ({ n }) => {
          runs.push(n)
          if (n === 1) throw new Error('never')
        }),
      ],
    })
    for (const n of [1, 2, 3]) await lab.send(bus, new MoveStock({ item: 'a', n }), { id: `message-${n}` })
    await lab.quiet()
    lab.check('the head ran twice, then the others in order').equal(runs, [1, 1, 2, 3])
    const dead = await lab.doors.deadLetters('stock')
    lab.check('the head lies with the dead letters').equal(
      dead.map(({ envelope }) => envelope.id),
      ['message-1'],
    )
    const [copied, accepted] = [
      lab.history.findIndex(({ kind }) => kind === 'dead-lettered'),
      lab.history.findIndex((event) => event.kind === 'settled' && event.disposition === 'accepted'),
    ]
    lab.check('its copy was confirmed before it was accepted').isTrue(copied >= 0 && copied < accepted, `copied at ${copied}, accepted at ${accepted}`)
  },
}

export const longDelaysRefused: Scenario = {
  id: 'OR-16',
  title: 'a policy whose delays would hold a key too long is refused at start',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 0,
  async run(lab) {
    const bus = lab.newBus({ name: 'stock', handlers: [handle(MoveStock, { retry: { immediate: 0, delayed: ['1h'] } }, () => undefined)] })
    const error = await lab.rejection(lab.start(bus))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('the error names handler and delay').matches(error instanceof Error ? error.message : '', /stock\.move.*3600000 ms/)
  },
}
