import type { Destination, Endpoint } from '@waybill/core/contract'
import { listening, openedTransport, orders, outgoing } from '../opened-transport.js'
import type { Scenario } from '../scenario.js'

const stock: Endpoint = { ...orders, name: 'stock', ordered: { shards: 8 } }
const destination: Destination = { kind: 'endpoint', name: 'stock', ordered: true }
const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`)

export const secondConsumer: Scenario = {
  id: 'OR-21',
  title: 'a second consumer of an ordered endpoint takes its part or stands by, as its transport says, and takes over when the first one goes',
  group: 'OR',
  tier: 'T1',
  needs: ['private-address', 'order'],
  deliveries: 0,
  async run(lab) {
    const transport = await openedTransport(lab, [stock])
    const never = new AbortController().signal
    const one = await listening(lab, transport, { endpoint: stock, prefetch: 1_000 })
    const two = await listening(lab, transport, { endpoint: stock, prefetch: 1_000 })
    const send = async (round: number): Promise<void> => {
      for (const key of keys) await lab.bounded('the send', transport.send([outgoing(destination, { id: `${key} ${round}`, key })], never))
    }
    await send(1)
    await lab.until('all are delivered', () => one.held.length + two.held.length === keys.length)
    const { scaleOut } = transport.capabilities.ordering ?? { scaleOut: 'none' }
    const parts = [one, two].filter(({ held }) => held.length > 0)
    lab.check(`both have a part, unless one stands by: ${scaleOut}`).equal(parts.length, scaleOut === 'rebalances' ? 2 : 1)
    const [going, staying] = one.held.length > 0 ? [one, two] : [two, one]
    for (const { settle } of [...one.held, ...two.held]) settle('accepted')
    await lab.bounded('the stop', going.subscription.stop(never))
    const before = staying.held.length
    await send(2)
    await lab.until('the other one has all that comes then', () => staying.held.length - before === keys.length)
  },
}
