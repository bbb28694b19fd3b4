import { handle } from '@waybill/core'
import { CancelOrder, gate, PlaceOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

const reasonOf = (signal: AbortSignal): string => (signal.reason instanceof Error ? `${signal.reason.name}: ${signal.reason.message}` : String(signal.reason))

export const subscriptionEnds: Scenario = {
  id: 'CN-03',
  title: 'when a subscription ends, what it has not settled is with the next one',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 10,
  async run(lab) {
    const stuck = await lab.bus({ concurrency: 10, stopTimeout: '1s', handlers: [handle(CancelOrder, () => new Promise<void>(() => undefined))] })
    const caller = await lab.bus()
    const sent = Array.from({ length: 10 }, (_, n) => `o${n}`)
    await Promise.all(sent.map((id) => lab.send(caller, new CancelOrder({ id }))))
    await lab.until('all are held', async () => (await lab.doors.depth('orders')).unsettled === 10)
    await lab.stop(stuck)
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    await lab.quiet()
    lab.check('the next subscription gets all of them').sameMembers(handled, sent)
  },
}

export const abortReasons: Scenario = {
  id: 'CN-04',
  title: 'the signal of a handler aborts at its deadline, for a lost lock and at the end of a stop, each with its reason, and not while a stop waits',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address', 'door:cut'],
  deliveries: 3,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    const reasons: string[] = []
    const told = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          reasons.push(reasonOf(signal))
          resolve()
        }),
      )
    const deadline = await lab.bus({
      handlerTimeout: '1s',
      retry: { immediate: 0, delayed: [] },
      handlers: [handle(CancelOrder, (_, { signal }) => told(signal))],
    })
    await lab.send(deadline, new CancelOrder({ id: 'slow' }))
    await lab.until('the deadline is told', () => reasons.length === 1)
    await lab.stop(deadline)
    const held = await lab.bus({ stopTimeout: '2s', handlers: [handle(CancelOrder, (_, { signal }) => told(signal))] })
    await lab.send(held, new CancelOrder({ id: 'cut' }))
    await lab.until('it runs', () => lab.seen('invoke').length === 2)
    await lab.faults.cut({ on: held })
    await lab.until('the lost lock is told', () => reasons.length === 2)
    await lab.until('it runs again', () => lab.seen('invoke').length === 3)
    const stopping = lab.stop(held)
    await lab.pass(1_000)
    lab.check('a stop that waits tells nothing').equal(reasons.length, 2)
    await stopping
    lab
      .check('deadline, lock, stop')
      .isTrue(/did not end within/.test(reasons[0] ?? '') && /lock-lost/.test(reasons[1] ?? '') && /stopping/.test(reasons[2] ?? ''), reasons.join(' | '))
    const rest: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void rest.push(id))] })
    await lab.quiet()
    lab.check('what was not done is done').equal(rest, ['cut'])
  },
}

export const signalIgnored: Scenario = {
  id: 'CN-05',
  title: 'what a handler gives back after its deadline is discarded: it has failed, and its reply and messages do not leave',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address', 'replies'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('failed, again')
    const ends = gate()
    await lab.bus({
      handlerTimeout: '1s',
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(PlaceOrder, async ({ id }, context) => {
          await context.send(new CancelOrder({ id }))
          await ends.opened
          return { id, total: 1 }
        }),
        handle(CancelOrder, () => undefined),
      ],
    })
    lab.expectLog('dead-lettered')
    const caller = await lab.bus()
    const asking = lab.rejection(lab.request(caller, new PlaceOrder({ id: 'o1' }), { timeout: '30s' }))
    await lab.pass(2_000)
    ends.open()
    lab.check('the requester hears of the time-out').error(await asking, { code: 'WAYBILL_REMOTE', remoteCode: 'WAYBILL_HANDLER_TIMEOUT' })
    await lab.quiet()
    lab.check('what it held did not leave').empty(lab.seen('invoke').filter(({ handler }) => handler === 'orders.cancel'))
  },
}

export const abortInBackOff: Scenario = {
  id: 'CN-06',
  title: 'a stop while a handler fails counts no attempt and makes no copy: the message is returned',
  group: 'CN',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 2,
  async run(lab) {
    let runs = 0
    const bus = await lab.bus({
      stopTimeout: '1s',
      handlers: [
        handle(CancelOrder, async (_, { signal }) => {
          runs += 1
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted work'))))
        }),
      ],
    })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.until('it runs', () => runs === 1)
    await lab.stop(bus)
    lab.check('no copy was made').empty(lab.seen('send').filter(({ purpose }) => purpose !== 'message'))
    lab.check('it is back').equal((await lab.doors.depth('orders')).ready, 1)
    const attempts: number[] = []
    await lab.bus({ handlers: [handle(CancelOrder, (_, { attempt }) => void attempts.push(attempt))] })
    await lab.quiet()
    lab.check('the next run is the first attempt').equal(attempts, [1])
  },
}

export const abortWhileStarting: Scenario = {
  id: 'CN-09',
  title: 'a start that is stopped rejects, and leaves nothing open',
  group: 'CN',
  tier: 'T1',
  needs: ['door:refuseConnections'],
  deliveries: 0,
  faults: ['refuseConnections'],
  async run(lab) {
    lab.expectLog('warn')
    const refused = await lab.faults.refuseConnections({ times: 1_000 })
    const bus = lab.newBus({ handlers: [handle(CancelOrder, () => undefined)] })
    const starting = lab.rejection(lab.start(bus))
    await lab.pass(2_000)
    await lab.stop(bus)
    lab.check('the start rejects').isTrue((await starting) instanceof Error)
    await refused.end()
    await lab.pass(5_000)
    lab.check('nobody is connected').empty(await lab.doors.connections())
  },
}
