import { handle } from '@waybill/core'
import { CancelOrder, gate, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const diesInHandler: Scenario = {
  id: 'DS-05',
  title: 'a process that dies in a handler leaves its message to another one: same id, same bytes',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  faults: ['crash'],
  async run(lab) {
    const runs: { readonly note: string; readonly attempt: number }[] = []
    const handlers = [handle(CancelOrder, ({ id }, { attempt }) => void runs.push({ note: id, attempt }))]
    const victim = await lab.bus({ handlers })
    const caller = await lab.bus()
    const { reached } = lab.faults.crash('after-handler', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'ünï ✓' }), { id: 'message-1' })
    lab.check('it dies').isTrue(await reached)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('it is handled again, and a crash is no attempt').equal(runs, [
      { note: 'ünï ✓', attempt: 1 },
      { note: 'ünï ✓', attempt: 1 },
    ])
    lab.check('with the id that it had').equal(
      lab.seen('deliver').map(({ delivery }) => delivery.envelope?.id),
      ['message-1', 'message-1'],
    )
  },
}

export const lockLost: Scenario = {
  id: 'DS-09',
  title: 'when the lock is lost the signal aborts with that reason; the late result settles nothing',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 2,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const reasons: string[] = []
    const ends = gate()
    let runs = 0
    const bus = await lab.bus({
      handlers: [
        handle(CancelOrder, async (_, { signal }) => {
          runs += 1
          if (runs > 1) return
          signal.addEventListener('abort', () => void reasons.push(String(signal.reason)))
          await ends.opened
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('it runs', () => runs === 1)
    await lab.faults.cut({ on: bus })
    await lab.until('the signal aborts', () => reasons.length === 1, 2_000)
    lab.check('with the reason').matches(reasons[0] ?? '', 'lock-lost')
    ends.open()
    await lab.until('it runs again', () => runs === 2)
    await lab.quiet()
    lab.check('no copy and no dead letter was made').empty(lab.seen('send').filter(({ purpose }) => purpose !== 'message'))
  },
}

export const settlementRepeated: Scenario = {
  id: 'DS-10',
  title: 'a settlement that does not reach the broker is repeated: the message is accepted once, and nothing else with it',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'door:loseSettlements'],
  deliveries: 11,
  faults: ['loseSettlements'],
  async run(lab) {
    const handled: string[] = []
    const bus = await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    const lost = await lab.faults.loseSettlements({ on: bus, times: 1_000_000 })
    await lab.send(caller, new CancelOrder({ id: 'first' }))
    await lab.until('it is handled', () => handled.length === 1)
    await lab.pass(500)
    lab.check('while its settlement is lost the broker holds it').equal((await lab.doors.depth('orders')).unsettled, 1)
    await lost.end()
    await lab.until('repeated, it arrives', async () => (await lab.doors.depth('orders')).unsettled === 0)
    await lab.faults.loseSettlements({ on: bus, times: 3 })
    for (const id of ids(10)) await lab.send(caller, new CancelOrder({ id }))
    await lab.quiet()
    lab.check('each is handled once').equal(handled, ['first', ...ids(10)])
  },
}

export const deadSession: Scenario = {
  id: 'DS-11',
  title: 'the answer of a session that has died settles nothing of the next one',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 21,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const handled: string[] = []
    const [old, next] = [gate(), gate()]
    const bus = await lab.bus({
      concurrency: 30,
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          handled.push(id)
          await (id === 'old' && handled.filter((each) => each === 'old').length === 1 ? old.opened : next.opened)
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'old' }))
    await lab.until('it runs', () => handled.length === 1)
    await lab.faults.cut({ on: bus })
    await Promise.all(ids(19).map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('the new session holds the old one again and the others', () => handled.length === 21)
    old.open()
    await lab.turns(5)
    lab.check('all of them are still held').equal((await lab.doors.depth('orders')).unsettled, 20)
    next.open()
    await lab.quiet()
    lab.check('each of the others ran once').sameMembers(
      handled.filter((id) => id !== 'old'),
      ids(19),
    )
  },
}

export const outOfOrder: Scenario = {
  id: 'DS-12',
  title: 'the first of ten that never ends comes again after a crash; what was accepted meanwhile does not',
  group: 'DS',
  tier: 'T1',
  needs: ['private-address', 'individual-settlement'],
  deliveries: 12,
  faults: ['crash'],
  async run(lab) {
    const done: string[] = []
    const victim = await lab.bus({
      handlers: [
        handle(CancelOrder, async ({ id }) => {
          if (id === 'o1') await new Promise(() => undefined)
          done.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    for (const id of ids(10)) await lab.send(caller, new CancelOrder({ id }))
    await lab.until('nine are done', () => done.length === 9)
    await lab.until('and accepted', async () => (await lab.doors.depth('orders')).unsettled === 1)
    const { reached } = lab.faults.crash('after-receive', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'last' }))
    lab.check('it dies').isTrue(await reached)
    const again: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void again.push(id))] })
    await lab.quiet()
    lab.check('only what was not accepted comes again').sameMembers(again, ['o1', 'last'])
  },
}
