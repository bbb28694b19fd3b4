import { handle, on } from '@waybill/core'
import type { TransportSource } from '@waybill/core/contract'
import { overDeliveries } from '../../mutants/over-transport.js'
import { CancelOrder, gate, ids, StockMoved } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const tailKeepsItsLock: Scenario = {
  id: 'WB-04',
  title: 'with a lock of a minute and handlers of twenty seconds, four places hold six messages; hung runs keep their places and are not run beside themselves',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 20,
  async run(lab) {
    lab.expectLog('warn')
    const ends = gate()
    const runs: string[] = []
    const done = new Set<string>()
    const options = { capabilities: { lockMs: 60_000 }, concurrency: 4, handlerTimeout: '20s' } as const
    await lab.bus({
      ...options,
      handlers: [
        handle(CancelOrder, async ({ id }, { signal }) => {
          runs.push(id)
          await ends.opened
          if (!signal.aborted) done.add(id)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of ids(20)) await lab.send(caller, new CancelOrder({ id }))
    await lab.until('its places are taken', () => runs.length === 4)
    await lab.pass(lab.windowMs)
    // Six over four places, twenty seconds each: the last one ends within half of the lock.
    lab.check('what waits behind them ends within half of the lock').atMost((await lab.doors.depth('orders')).unsettled, 6)
    const other = await lab.bus({ ...options, handlers: [handle(CancelOrder, ({ id }) => void done.add(id))] })
    await lab.until('another instance gets the rest', () => done.size >= 14)
    await lab.pass(25_000)
    lab.check('nothing runs beside a run that does not end').equal(runs.length, 4)
    await lab.stop(other)
    ends.open()
    await lab.quiet()
    lab.check('all of it is done').sameMembers([...done], ids(20))
  },
}

const failures: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  text: () => 'a text',
  error: () => new Error('an error'),
  bare: () => Object.create(null) as object,
}

export const everyAnswer: Scenario = {
  id: 'WB-05',
  title: 'a transport gets one answer for each delivery, whatever its handler does: never a rejection, and none is left open by a stop',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 8,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const answers: string[] = []
    const wrap = (source: TransportSource): TransportSource =>
      overDeliveries(source, (onDelivery) => async (delivery) => {
        try {
          const disposition = await onDelivery(delivery)
          answers.push(`${delivery.envelope?.id ?? 'foreign'} ${disposition}`)
          return disposition
        } catch (error) {
          answers.push(`${delivery.envelope?.id ?? 'foreign'} rejected with ${String(error)}`)
          throw error
        }
      })
    const handled: string[] = []
    const bus = await lab.bus({
      wrap,
      stopTimeout: '1s',
      retry: { immediate: 0, delayed: [] },
      middleware: [
        {
          name: 'odd',
          incoming: {
            wire: (context, next) => {
              if (context.id === 'wire') throw new Error('a wire step')
              return next(context)
            },
          },
        },
      ],
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          if (id === 'hangs') await new Promise(() => undefined)
          const make = failures[id]
          if (make !== undefined) throw make()
          handled.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of [...Object.keys(failures), 'good', 'wire', 'hangs']) await lab.send(caller, new CancelOrder({ id }), { id })
    await lab.publishRaw({ endpoint: 'orders' }, { body: 'no json', native: { theirs: 'yes' } })
    await lab.until('all but one are answered', () => answers.length === 7)
    await lab.stop(bus)
    lab
      .check('one answer each')
      .sameMembers(answers, [...[...Object.keys(failures), 'good', 'wire', 'foreign'].map((id) => `${id} accepted`), 'hangs released'])
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.quiet()
    lab.check('what was given back is handled').equal(handled, ['good', 'hangs'])
  },
}

export const inTheOrderOfTheirIds: Scenario = {
  id: 'WB-14',
  title: 'three handlers of an ordered event run one after the other; one that fails stops neither its siblings nor other keys, and its own key waits for it',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'order-by-key'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    const runs: string[] = []
    let running = 0
    let most = 0
    const handler = (name: string) =>
      on(StockMoved, { id: `stock.${name}`, retry: { immediate: 1, delayed: ['3s'] } }, async ({ item, n }, { attempt }) => {
        most = Math.max(most, (running += 1))
        await lab.turns(2)
        running -= 1
        runs.push(`${item}${n} ${name}`)
        if (name === 'b' && item === 'k' && n === 1 && attempt < 3) throw new Error('not yet')
      })
    // Declared the other way round: their ids decide.
    await lab.bus({ name: 'stock', concurrency: 1, handlers: [handler('c'), handler('b'), handler('a')] })
    const caller = await lab.bus({ sends: [StockMoved] })
    for (const [item, n] of [
      ['k', 1],
      ['k', 2],
      ['x', 1],
    ] as const)
      await lab.publish(caller, new StockMoved({ item, n }))
    await lab.quiet()
    lab.check('the key in order, and only the one that failed again').equal(
      runs.filter((run) => run.startsWith('k')),
      ['k1 a', 'k1 b', 'k1 b', 'k1 b', 'k1 c', 'k2 a', 'k2 b', 'k2 c'],
    )
    lab.check('the other key did not wait for it').isTrue(runs.indexOf('x1 c') < runs.lastIndexOf('k1 b'), runs.join(', '))
    lab.check('a delivery takes one place').equal(most, 1)
  },
}
