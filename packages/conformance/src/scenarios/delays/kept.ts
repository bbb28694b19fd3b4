import { handle, on } from '@waybill/core'
import { memorySchedule } from '@waybill/core/memory'
import { CancelOrder, OrderPlaced } from '../messages.js'
import type { Scenario } from '../scenario.js'

export const shorterLife: Scenario = {
  id: 'DL-10',
  title: 'a message that would expire before its delay is over is refused at the call',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 0,
  async run(lab) {
    await lab.bus({ handlers: [handle(CancelOrder, () => undefined)] })
    const caller = await lab.bus()
    const error = await lab.rejection(lab.send(caller, new CancelOrder({ id: 'o1' }), { delay: '10s', expiresIn: '5s' }))
    lab.check('it is refused').error(error, { code: 'WAYBILL_SEND_OPTION' })
    lab.check('nothing left').empty(lab.seen('send'))
  },
}

export const keptOverHops: Scenario = {
  id: 'DL-12',
  title: 'over hops a message keeps id, headers, conversation and content; an endpoint that does not exist is an error at the call',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay', 'unroutable-detected'],
  deliveries: 2,
  async run(lab) {
    const delay = { delay: { endpoint: { maxMs: 2_000, resolutionMs: 1 }, topic: 'none' } } as const
    const seen: object[] = []
    await lab.bus({
      capabilities: delay,
      handlers: [
        handle(
          CancelOrder,
          ({ id }, context) =>
            void seen.push({ id, message: context.id, tag: context.headers['x-tag'], conversation: context.correlationId, attempt: context.attempt }),
        ),
      ],
    })
    const caller = await lab.bus({ capabilities: delay, routes: { 'orders.place': 'nowhere' } })
    const began = lab.now()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1', delay: '7s', headers: { 'x-tag': 'blue' } })
    await lab.quiet()
    lab.check('all of it').equal(seen, [{ id: 'o1', message: 'message-1', tag: 'blue', conversation: 'message-1', attempt: 1 }])
    lab.check('not early').atLeast(lab.now() - began, 7_000)
    lab.check('in as many hops as it needs').between(lab.seen('send').filter(({ purpose }) => purpose === 'hop').length, 3, 8)
    const nowhere = await lab.bus({ name: 'lost', capabilities: delay, routes: { 'orders.cancel': 'nowhere' } })
    const error = await lab.rejection(lab.send(nowhere, new CancelOrder({ id: 'o2' }), { delay: '7s' }))
    lab.check('an unknown endpoint is an error').error(error, { code: 'WAYBILL_SEND' })
  },
}

export const crashBetweenHops: Scenario = {
  id: 'DL-07',
  title: 'a crash between a hop and its settlement loses nothing: the message comes, not early, with its id',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 3,
  faults: ['crash'],
  exempt: { I1: 'two hops of one message are two of it: that is what a crash here costs', I8: 'two hops of one message end twice' },
  async run(lab) {
    const delay = { delay: { endpoint: { maxMs: 2_000, resolutionMs: 1 }, topic: 'none' } } as const
    const seen: { readonly id: string; readonly at: number }[] = []
    const handlers = [handle(CancelOrder, (_, { id }) => void seen.push({ id, at: lab.now() }))]
    const victim = await lab.bus({ capabilities: delay, handlers })
    const caller = await lab.bus({ capabilities: delay })
    const began = lab.now()
    const { reached } = lab.faults.crash('before-settle', { on: victim })
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { id: 'message-1', delay: '5s' })
    lab.check('it dies').isTrue(await reached)
    await lab.bus({ capabilities: delay, handlers })
    await lab.quiet()
    lab.check('it came').atLeast(seen.length, 1)
    lab.check('once more at most').atMost(seen.length, 2)
    lab.check('with its id').empty(seen.filter(({ id }) => id !== 'message-1'))
    lab.check('not early').empty(seen.filter(({ at }) => at - began < 5_000))
  },
}

export const unsupported: Scenario = {
  id: 'DL-14',
  title: 'an event with a delay that neither the broker nor a store can keep is refused at the call, and says what to do',
  group: 'DL',
  tier: 'T1',
  deliveries: 0,
  async run(lab) {
    const caller = await lab.bus({ sends: [OrderPlaced], capabilities: { delay: { endpoint: 'none', topic: 'none' } } })
    const error = await lab.rejection(lab.publish(caller, new OrderPlaced({ id: 'o1' }), { delay: '5s' }))
    lab.check('it is refused').error(error, { code: /^WAYBILL_/ })
    lab.check('and says what to do').matches(error instanceof Error ? error.message : '', /schedule/i)
    lab.check('nothing left').empty(lab.seen('send'))
  },
}

export const dueWhileAway: Scenario = {
  id: 'DL-15',
  title: 'what fell due while nobody listened is there at the start',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(CancelOrder, ({ id }) => void handled.push(id))]
    await lab.stop(await lab.bus({ handlers }))
    const caller = await lab.bus()
    await lab.send(caller, new CancelOrder({ id: 'o1' }), { delay: '2s' })
    await lab.pass(6_000)
    await lab.bus({ handlers })
    await lab.quiet()
    lab.check('it is handled').equal(handled, ['o1'])
  },
}

export const storedAndCancelled: Scenario = {
  id: 'DL-08',
  title: 'a message that a schedule store holds can be cancelled, and then never comes; later it is too late',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    await lab.bus({ handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const caller = await lab.bus({ stores: { schedule: memorySchedule() } })
    await lab.send(caller, new CancelOrder({ id: 'stays' }), { id: 'stays', delay: '5s', cancelable: true })
    await lab.bounded('a send that will be taken back', caller.send(new CancelOrder({ id: 'goes' }), { id: 'goes', delay: '5s', cancelable: true }))
    lab.check('it is cancelled').equal(await lab.bounded('the cancellation', caller.cancel('goes')), 'cancelled')
    await lab.until('the other comes', () => handled.length === 1)
    lab.check('then it is too late').equal(await lab.bounded('the cancellation', caller.cancel('stays')), 'too-late')
    await lab.pass(10_000)
    await lab.quiet({ drain: false })
    lab.check('only the one that stays came').equal(handled, ['stays'])
  },
}

export const storedEvent: Scenario = {
  id: 'DL-16',
  title: 'with a schedule store an event is delayed where its topic cannot be, and survives the bus that sent it',
  group: 'DL',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    const schedule = memorySchedule()
    const at: number[] = []
    await lab.bus({ handlers: [on(OrderPlaced, { id: 'orders.hear' }, () => void at.push(lab.now()))] })
    const none = { delay: { endpoint: 'none', topic: 'none' } } as const
    const first = await lab.bus({ sends: [OrderPlaced], stores: { schedule }, capabilities: none })
    const began = lab.now()
    await lab.publish(first, new OrderPlaced({ id: 'o1' }), { delay: '10s' })
    await lab.stop(first)
    await lab.pass(5_000)
    lab.check('it has not come').empty(at)
    await lab.bus({ sends: [OrderPlaced], stores: { schedule }, capabilities: none })
    await lab.until('it comes', () => at.length === 1, 60_000)
    lab.check('not early, and soon').between((at[0] ?? 0) - began, 10_000, 20_000)
    await lab.quiet({ drain: false })
    lab.check('once').equal(at.length, 1)
  },
}
