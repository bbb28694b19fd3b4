import { listening, openedTransport, put } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

export const nativeIdentity: Scenario = {
  id: 'RD-19',
  title: 'what a broker calls a message is its own, and the same at each delivery; what it counts is what it says that it counts',
  group: 'RD',
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
    await lab.bounded('the stop', stopping)
    const second = await listening(lab, transport)
    await lab.until('both are delivered again', () => second.held.length === 2)
    const names = first.held.flatMap(({ delivery: { nativeId } }) => (nativeId === undefined ? [] : [nativeId]))
    lab.check('each has a name of its own, or none has one').isTrue(names.length === 0 || new Set(names).size === 2, names.join())
    for (const { id, delivery } of second.held)
      lab.check(`${id} is called the same`).equal(delivery.nativeId, first.held.find((each) => each.id === id)?.delivery.nativeId)
    const { deliveryCount = 'none' } = transport.capabilities
    const expected = { none: [undefined, undefined], crashes: [1, 1], all: [1, 2] }[deliveryCount]
    lab.check(`counts say ${deliveryCount}`).equal(
      [first.held, second.held].map((held) => held.map(({ delivery }) => delivery.deliveryCount)),
      expected.map((count) => [count, count]),
    )
  },
}

export const countedCuts: Scenario = {
  id: 'RD-20',
  title: 'a delivery that was lost with its connection is counted, by one, and by none that was not lost',
  group: 'RD',
  tier: 'T1',
  needs: ['private-address', 'delivery-count', 'door:cut'],
  deliveries: 0,
  faults: ['cut'],
  async run(lab) {
    lab.expectLog('warn')
    const transport = await openedTransport(lab)
    const { held } = await listening(lab, transport)
    await put(lab, 'm1')
    await lab.until('it is delivered', () => held.length === 1)
    await lab.faults.cut()
    await lab.until('it is delivered again', () => held.length === 2)
    lab.check('the first knows that it is lost').equal(held[0]?.delivery.lost.aborted, true)
    await put(lab, 'm2')
    await lab.until('another one is delivered', () => held.length === 3)
    lab.check('the counts').equal(
      held.map(({ id, delivery }) => [id, delivery.deliveryCount]),
      [
        ['m1', 1],
        ['m1', 2],
        ['m2', 1],
      ],
    )
  },
}
