import { listening, openedTransport, put } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

export const stopWaits: Scenario = {
  id: 'GS-17',
  title: 'a subscription that is stopped receives nothing new, and its stop is over when the last answer has reached the broker, not before',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab)
    const { subscription, held } = await listening(lab, transport)
    await put(lab, 'm1', 'm2')
    await lab.until('both are delivered', () => held.length === 2)
    let stopped = 0
    const stop = async (): Promise<void> => {
      await subscription.stop(new AbortController().signal)
      stopped += 1
    }
    const stopping = [stop(), stop()]
    await put(lab, 'm3')
    await lab.pass(lab.windowMs)
    lab.check('nothing new comes').equal(held.length, 2)
    lab.check('what is held stays held').equal(await lab.doors.depth('orders'), { ready: 1, unsettled: 2, delayed: 0 })
    lab.check('the stop waits for the answers').equal(stopped, 0)
    held[0]?.settle('accepted')
    await lab.pass(1_000)
    lab.check('for all of them').equal(stopped, 0)
    held[1]?.settle('accepted')
    lab.check('then it ends, asked once or twice').equal(await lab.rejection(lab.bounded('the stop, twice', Promise.all(stopping), 30_000)), undefined)
    lab.check('then they have reached the broker').equal(await lab.doors.depth('orders'), { ready: 1, unsettled: 0, delayed: 0 })
    lab.check('a stop afterwards is no error').equal(await lab.rejection(lab.bounded('a stop afterwards', stop())), undefined)
    lab.check('nobody consumes').equal(await lab.doors.consumerCount('orders'), 0)
  },
}

export const stopCutShort: Scenario = {
  id: 'GS-18',
  title: 'what is unsettled when the patience of a stop ends goes back, and a late answer settles nothing of it',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address', 'individual-settlement'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab)
    const { subscription, held } = await listening(lab, transport)
    await put(lab, 'm1', 'm2', 'm3')
    await lab.until('all are delivered', () => held.length === 3)
    const patience = new AbortController()
    const stopping = subscription.stop(patience.signal)
    held[2]?.settle('accepted')
    await lab.pass(1_000)
    patience.abort()
    await lab.bounded('the stop', stopping, 10_000)
    const next = await listening(lab, transport)
    await lab.until('the other two come again', () => next.held.length === 2, 10_000)
    held[0]?.settle('accepted')
    held[1]?.settle('released')
    await lab.pass(lab.windowMs)
    lab.check('they are those that had no answer').sameMembers(
      next.held.map(({ id }) => id),
      ['m1', 'm2'],
    )
    lab.check('the late answers have changed nothing').equal(await lab.doors.depth('orders'), { ready: 0, unsettled: 2, delayed: 0 })
  },
}

export const releasedAtOnce: Scenario = {
  id: 'GS-19',
  title: 'what is released is there at once for another consumer',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address', 'individual-settlement'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab)
    const first = await listening(lab, transport)
    await put(lab, 'm1', 'm2')
    await lab.until('both are delivered', () => first.held.length === 2)
    const stopping = first.subscription.stop(new AbortController().signal)
    for (const { settle } of first.held) settle('released')
    const bound = Math.max(1_000, 2 * (lab.place.pollMs ?? 0))
    const second = await listening(lab, transport)
    await lab.until('another consumer has them', () => second.held.length === 2, bound)
    await lab.bounded('the stop', stopping, bound)
  },
}

export const closed: Scenario = {
  id: 'GS-20',
  title: 'a transport that is closed has given back what it held and has no connection; closing it again changes nothing',
  group: 'GS',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 0,
  async run(lab) {
    lab.expectLog('warn')
    const transport = await openedTransport(lab)
    const { held } = await listening(lab, transport)
    await put(lab, 'm1')
    await lab.until('it is delivered', () => held.length === 1)
    lab.check('it is connected').equal((await lab.doors.connections()).length, 1)
    await lab.bounded('the end', transport.close(), 10_000)
    lab.check('no connection is left').empty(await lab.doors.connections())
    lab.check('no consumer is left').equal(await lab.doors.consumerCount('orders'), 0)
    lab.check('what it held is back').equal(await lab.doors.depth('orders'), { ready: 1, unsettled: 0, delayed: 0 })
    lab.check('closing it again is no error').equal(await lab.rejection(lab.bounded('the second end', transport.close(), 10_000)), undefined)
  },
}
