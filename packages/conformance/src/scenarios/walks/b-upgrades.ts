import { handle, on } from '@waybill/core'
import { foreign } from '../foreign.js'
import { CancelOrder, ids, OrderCancelled, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const restartsAreNoAttempts: Scenario = {
  id: 'WB-01',
  title: 'five restarts use up no attempt of a message, also where the broker counts what is given back; its retry copy says the attempt',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 7,
  async run(lab) {
    lab.expectLog('failed, again')
    const attempts: number[] = []
    const options = { capabilities: { deliveryCount: 'all' }, retry: { immediate: 0, delayed: ['5s'] } } as const
    const caller = await lab.bus()
    for (let restart = 1; restart <= 5; restart += 1) {
      const bus = await lab.bus({
        ...options,
        stopTimeout: '1s',
        handlers: [
          handle(CancelOrder, async (_, { attempt }) => {
            attempts.push(attempt)
            await new Promise(() => undefined)
          }),
        ],
      })
      if (restart === 1) await lab.send(caller, new CancelOrder({ id: 'o1' }))
      await lab.until(`run ${restart} begins`, () => attempts.length === restart)
      await lab.stop(bus)
    }
    await lab.bus({
      ...options,
      handlers: [
        handle(CancelOrder, (_, { attempt }) => {
          attempts.push(attempt)
          if (attempt === 1) throw new Error('once')
        }),
      ],
    })
    await lab.quiet()
    lab.check('the first attempt, until it fails; then the second').equal(attempts, [1, 1, 1, 1, 1, 1, 2])
    lab.check('one copy was made, of the failure').equal(lab.seen('send').filter(({ purpose }) => purpose === 'retry').length, 1)
    lab.check('no dead letter').empty(await lab.doors.deadLetters('orders'))
  },
}

export const rollingDeploy: Scenario = {
  id: 'WB-02',
  title:
    'while an old version runs beside a new one, an event that the old one does not know and a copy for a renamed handler wait for the new one; siblings run once',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 14,
  exempt: { I1: 'the handler that failed has another id when it succeeds', I8: 'the handler that failed has another id when it succeeds' },
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('warn')
    const runs: string[] = []
    const track = on(OrderPlaced, { id: 'orders.track' }, () => void runs.push('track'))
    const old = await lab.bus({
      handlers: [
        track,
        on(OrderPlaced, { id: 'orders.invoice', retry: { immediate: 0, delayed: ['10s'] } }, (_, { attempt }) => {
          runs.push(`invoice ${attempt}`)
          throw new Error('the old version cannot')
        }),
      ],
    })
    const caller = await lab.bus({ sends: [OrderPlaced, OrderCancelled] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    // For certain the old one gets it: there is no other.
    await lab.publishRaw({ endpoint: 'orders' }, { body: '{"id":"early"}', envelope: { ...foreign, id: 'early', type: 'orders.cancelled', kind: 'event' } })
    await lab.until('both wait', async () => (await lab.doors.depth('orders')).delayed === 2)
    const heard: string[] = []
    await lab.bus({
      handlers: [
        track,
        on(OrderPlaced, { id: 'orders.billing', formerIds: ['orders.invoice'] }, (_, { attempt }) => void runs.push(`billing ${attempt}`)),
        on(OrderCancelled, { id: 'orders.undo' }, ({ id }) => void heard.push(id)),
      ],
    })
    for (const id of ids(10)) await lab.publish(caller, new OrderCancelled({ id }))
    await lab.pass(2_000)
    await lab.stop(old)
    await lab.quiet()
    lab.check('the renamed handler got the copy, nobody else').sameMembers(runs, ['invoice 1', 'track', 'billing 2'])
    lab.check('each new event is handled once').sameMembers(heard, ['early', ...ids(10)])
    lab.check('no dead letter').empty(await lab.doors.deadLetters('orders'))
    const { endpoints } = await lab.doors.entities()
    lab
      .check('one subscription for each type, whatever its handlers are called')
      .sameMembers(endpoints.find(({ name }) => name === 'orders')?.topics ?? [], ['orders.placed', 'orders.cancelled'])
  },
}

export const leftOverFlood: Scenario = {
  id: 'WB-03',
  title: 'a subscription that an earlier version left floods no dead letters: its events are accepted, counted and told once; a command to the address is kept',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 51,
  async run(lab) {
    lab.expectLog('orders.placed')
    lab.expectLog('dead-lettered')
    await lab.stop(await lab.bus({ handlers: [handle(CancelOrder, () => undefined), on(OrderPlaced, { id: 'orders.track' }, () => undefined)] }))
    // The command has moved on; the bus knows it still.
    await lab.bus({
      sends: [CancelOrder, OrderPlaced],
      routes: { 'orders.cancel': 'elsewhere' },
      handlers: [on(OrderCancelled, { id: 'orders.undo' }, () => undefined)],
    })
    const caller = await lab.bus({ sends: [OrderPlaced] })
    for (const id of ids(50)) await lab.publish(caller, new OrderPlaced({ id }))
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'command' })
    await lab.quiet({ drain: false })
    lab.check('only the command is a dead letter').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => [envelope.id, envelope.system['dead-letter-reason']]),
      [['command', 'no-handler']],
    )
    lab.check('each event is counted').equal(lab.seen('count').filter(({ what }) => what === 'ignored').length, 50)
    lab
      .check('one warning for the type')
      .equal(lab.history.filter((event) => event.kind === 'logged' && event.level === 'warn' && /orders\.placed.*ignored/.test(event.text)).length, 1)
  },
}
