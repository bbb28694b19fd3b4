import { handle } from '@waybill/core'
import { CancelOrder, ids } from '../messages.js'
import type { Scenario } from '../scenario.js'

const day = 24 * 3_600_000

export const accuracy: Scenario = {
  id: 'DL-01',
  title: 'a delayed message comes no earlier than its delay and soon after it',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 1,
  async run(lab) {
    const at: number[] = []
    await lab.bus({ handlers: [handle(CancelOrder, () => void at.push(lab.now()))] })
    const caller = await lab.bus()
    const began = lab.now()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { delay: '5s' })
    lab.check('the broker has it, delayed').equal((await lab.doors.depth('orders')).delayed, 1)
    await lab.quiet()
    lab.check('after its delay').between((at[0] ?? 0) - began, 5_000, 8_000)
    lab.check('once').equal(at.length, 1)
  },
}

export const noDelay: Scenario = {
  id: 'DL-02',
  title: 'a delay of nothing is none, and one that is no duration is refused at the call',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'now' }), { delay: '0s' })
    await lab.until('it comes at once', () => handled.length === 1, 2_000)
    for (const delay of ['-1s', 'soon', '1e3s'] as const) {
      const error = await lab.rejection((async () => lab.send(caller, new CancelOrder({ id: 'o1' }), { delay: delay as '1s' }))())
      lab.check(`${delay} is refused`).error(error, { code: /^WAYBILL_/ })
    }
    await lab.quiet()
    lab.check('nothing else came').equal(handled, ['now'])
  },
}

export const beyondTheBroker: Scenario = {
  id: 'DL-03',
  title: 'delays of fifteen minutes and a second, of 25 days and of sixty days come when they are due: never early, never cut',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay', 'virtual-time'],
  deliveries: 3,
  async run(lab) {
    const at = new Map<string, number>()
    await lab.bus({
      capabilities: { delay: { endpoint: { maxMs: 900_000, resolutionMs: 1 }, topic: 'none' } },
      handlers: [handle(CancelOrder, ({ id }) => void at.set(id, lab.now()))],
    })
    const caller = await lab.bus({ capabilities: { delay: { endpoint: { maxMs: 900_000, resolutionMs: 1 }, topic: 'none' } } })
    const delays = { short: 901_000, month: 25 * day, long: 60 * day } as const
    const began = lab.now()
    for (const [id, ms] of Object.entries(delays)) await lab.send(caller, new CancelOrder({ id }), { delay: `${ms}ms` })
    await lab.quiet({ withinMs: 61 * day })
    for (const [id, ms] of Object.entries(delays)) lab.check(`${id} is not early and not late`).between((at.get(id) ?? 0) - began, ms, ms + 1_000)
    lab.check('in as many hops as they need').between(lab.seen('send').filter(({ purpose }) => purpose === 'hop').length, 8_000, 9_000)
  },
}

export const noHeadOfLine: Scenario = {
  id: 'DL-04',
  title: 'a long delay does not hold up a short one that was sent after it',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    const at = new Map<string, number>()
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void at.set(id, lab.now()))] })
    const caller = await lab.bus()
    const began = lab.now()
    await lab.send(caller, new CancelOrder({ id: 'long' }), { delay: '10s' })
    await lab.send(caller, new CancelOrder({ id: 'short' }), { delay: '1s' })
    await lab.quiet()
    lab.check('the short one').between((at.get('short') ?? 0) - began, 1_000, 4_000)
    lab.check('the long one').between((at.get('long') ?? 0) - began, 10_000, 13_000)
  },
}

export const byDueTime: Scenario = {
  id: 'DL-05',
  title: 'delayed messages come in the order of their due times',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ concurrency: 1, handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus()
    for (const seconds of [6, 2, 4] as const) await lab.send(caller, new CancelOrder({ id: `${seconds}` }), { delay: `${seconds}s` })
    await lab.quiet()
    lab.check('the order').equal(handled, ['2', '4', '6'])
  },
}

export const volume: Scenario = {
  id: 'DL-09',
  title: 'of five hundred messages with random delays all come, none early',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 500,
  async run(lab) {
    const due = new Map<string, number>()
    const early: string[] = []
    const handled: string[] = []
    await lab.bus({
      handlers: [
        handle(CancelOrder, ({ id }) => {
          handled.push(id)
          if (lab.now() < (due.get(id) ?? 0)) early.push(id)
        }),
      ],
    })
    const caller = await lab.bus()
    await Promise.all(
      ids(500).map((id) => {
        const delay = lab.random.int(1, 8_000)
        due.set(id, lab.now() + delay)
        return lab.send(caller, new CancelOrder({ id }), { delay: `${delay}ms` })
      }),
    )
    await lab.quiet()
    lab.check('all of them').sameMembers(handled, ids(500))
    lab.check('none early').empty(early)
  },
}
