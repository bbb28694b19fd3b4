import { deadLetter, handle, UnrecoverableError, when } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const rounds: Scenario = {
  id: 'RD-04',
  title: 'immediate retries come again after each delayed one, and the attempts count through all of them',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const runs: { readonly attempt: number; readonly at: number }[] = []
    const bus = await lab.bus({
      handlers: [
        handle(CancelOrder, { retry: { immediate: 2, delayed: ['2s', '5s'] } }, (_, { attempt }) => {
          runs.push({ attempt, at: lab.now() })
          throw new Error('always')
        }),
      ],
    })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('nine attempts, counted through').equal(
      runs.map(({ attempt }) => attempt),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    )
    const gaps = runs.slice(1).map(({ at }, index) => at - (runs[index]?.at ?? 0))
    lab.check('at once, then after 2 s, then after 5 s').isTrue(
      gaps.every((gap, index) => (index === 2 ? gap >= 2_000 : index === 5 ? gap >= 5_000 : gap < 2_000)),
      gaps.join(),
    )
  },
}

export const backOff: Scenario = {
  id: 'RD-05',
  title: 'a delayed retry comes no earlier than its delay, and not much later',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 4,
  async run(lab) {
    lab.expectLog('failed, again')
    const at: number[] = []
    const bus = await lab.bus({
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: ['1s', '3s', '6s'] } }, () => {
          at.push(lab.now())
          if (at.length < 4) throw new Error('not yet')
        }),
      ],
    })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0))
    for (const [index, delay] of [1_000, 3_000, 6_000].entries()) lab.check(`retry ${index + 1}`).between(gaps[index] ?? -1, delay, delay + 3_000)
  },
}

export const notRetryable: Scenario = {
  id: 'RD-06',
  title: 'what trying again cannot mend is a dead letter at its first attempt',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('dead-lettered')
    let runs = 0
    const bus = await lab.bus({
      handlers: [
        handle(CancelOrder, () => {
          runs += 1
          throw new UnrecoverableError('the account is closed')
        }),
      ],
    })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('one attempt').equal(runs, 1)
    lab.check('and the reason').equal(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.system['dead-letter-reason']),
      ['unrecoverable'],
    )
  },
}

class Transient extends Error {}
class TimedOut extends Transient {}

export const precedence: Scenario = {
  id: 'RD-07',
  title: 'of several rules the most specific decides, and the handler’s before the endpoint’s',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const runs: Record<string, number> = {}
    const errors: Record<string, () => Error> = { specific: () => new TimedOut('t'), wider: () => new Transient('t'), other: () => new RangeError('r') }
    const bus = await lab.bus({
      retry: { immediate: 5, delayed: [] },
      handlers: [
        handle(CancelOrder, { retry: when(Transient).retryNow(1).lastly(deadLetter()).or(when(TimedOut).retryNow(3).lastly(deadLetter())) }, ({ id }) => {
          runs[id] = (runs[id] ?? 0) + 1
          throw errors[id]?.() ?? new Error('?')
        }),
      ],
    })
    for (const id of ['specific', 'wider', 'other']) await lab.send(bus, new CancelOrder({ id }))
    await lab.quiet()
    lab.check('each as its rule says').equal(runs, { specific: 4, wider: 2, other: 6 })
  },
}

export const notBlocking: Scenario = {
  id: 'RD-08',
  title: 'a message that waits for its retry does not hold up the others, even with a concurrency of one',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 103,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const order: string[] = []
    const bus = await lab.bus({
      concurrency: 1,
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: ['4s', '4s'] } }, ({ id }) => {
          order.push(id)
          if (id === 'bad') throw new Error('always')
        }),
      ],
    })
    await lab.send(bus, new CancelOrder({ id: 'bad' }))
    for (const id of ids(100)) await lab.send(bus, new CancelOrder({ id }))
    await lab.quiet()
    lab.check('the good ones were done before its last try').equal(order.lastIndexOf('bad'), order.length - 1)
    lab.check('each good one once').sameMembers(
      order.filter((id) => id !== 'bad'),
      ids(100),
    )
    lab.check('the bad one three times').equal(order.filter((id) => id === 'bad').length, 3)
  },
}

export const attemptsAcrossInstances: Scenario = {
  id: 'RD-16',
  title: 'the attempts of one message count 1, 2, 3 across instances, whatever the broker counts',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    lab.expectLog('failed, again')
    const attempts: number[] = []
    const handlers = [
      handle(CancelOrder, { retry: { immediate: 0, delayed: ['2s', '2s'] } }, (_, { attempt }) => {
        attempts.push(attempt)
        if (attempt < 3) throw new Error('not yet')
      }),
    ]
    let current = await lab.bus({ handlers })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    for (const n of [1, 2, 3]) {
      await lab.until(`attempt ${n}`, () => attempts.length === n)
      await lab.stop(current)
      current = await lab.bus({ handlers })
    }
    await lab.quiet()
    lab.check('1, 2, 3').equal(attempts, [1, 2, 3])
  },
}

export const lostPolicy: Scenario = {
  id: 'RD-14',
  title: 'a predicate of a policy that throws decides nothing: the next rule does',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('warn')
    lab.expectLog('dead-lettered')
    let runs = 0
    const bus = await lab.bus({
      retry: { immediate: 1, delayed: [] },
      handlers: [
        handle(
          CancelOrder,
          {
            retry: when(() => {
              throw new Error('a bad predicate')
            })
              .retryNow(50)
              .lastly(deadLetter()),
          },
          () => {
            runs += 1
            throw new Error('always')
          },
        ),
      ],
    })
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('the endpoint’s policy decided').equal(runs, 2)
    lab.check('it is a dead letter').equal((await lab.doors.deadLetters('orders')).length, 1)
  },
}
