import { handle, on } from '@waybill/core'
import type { Outgoing, TransportSource } from '@waybill/core/contract'
import { CancelOrder, ids, OrderPlaced, PlaceOrder, ShipOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'
import { foreign } from '../foreign.js'

/** A broker that takes each `copyId` once and confirms it again without storing it, as several do. */
function deduplicating(source: TransportSource, seen: Set<string>): TransportSource {
  return {
    create: () => {
      const transport = source.create()
      const send = transport.send.bind(transport)
      transport.send = async (messages: readonly Outgoing[], signal) => {
        const fresh = messages.filter(({ copyId, destination }) => {
          const id = JSON.stringify([copyId, destination])
          return seen.has(id) ? false : seen.add(id)
        })
        const failures = fresh.length === 0 ? [] : await send(fresh, signal)
        return failures.map((failure) => ({ ...failure, index: messages.indexOf(fresh[failure.index] as Outgoing) }))
      }
      return transport
    },
  }
}

export const nativeDeduplication: Scenario = {
  id: 'WA-04',
  title: 'a broker that stores each copy id once swallows none of the framework’s copies: retries, hops and dead letters all arrive',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 6,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const runs: string[] = []
    const fails = (name: string) =>
      on(OrderPlaced, { id: `orders.${name}`, retry: { immediate: 0, delayed: ['3s', '3s'] } }, (_, { attempt }) => {
        runs.push(`${name} ${attempt}`)
        throw new Error('always')
      })
    const seen = new Set<string>()
    const wrap = (source: TransportSource): TransportSource => deduplicating(source, seen)
    await lab.bus({ wrap, capabilities: { delay: { endpoint: { maxMs: 1_000, resolutionMs: 1 }, topic: 'none' } }, handlers: [fails('one'), fails('two')] })
    const caller = await lab.bus({ wrap, sends: [OrderPlaced] })
    await lab.publish(caller, new OrderPlaced({ id: 'o1' }))
    await lab.quiet({ drain: false })
    lab.check('each made all of its attempts').sameMembers(runs, ['one 1', 'one 2', 'one 3', 'two 1', 'two 2', 'two 3'])
    lab.check('both are dead letters').sameMembers(
      (await lab.doors.deadLetters('orders')).map(({ envelope }) => envelope.system['dead-letter-handler'] ?? ''),
      ['orders.one', 'orders.two'],
    )
  },
}

export const keptNotReleased: Scenario = {
  id: 'WA-08',
  title: 'what core cannot settle it keeps: nothing is given back in a loop while copies are refused',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends'],
  deliveries: 3,
  faults: ['refuseSends'],
  async run(lab) {
    lab.expectLog('is paused')
    lab.expectLog('dead-lettered')
    let runs = 0
    const bus = await lab.bus({
      publishTimeout: '1s',
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(CancelOrder, () => {
          runs += 1
          throw new Error('always')
        }),
      ],
    })
    const caller = await lab.bus()
    const refused = await lab.faults.refuseSends({ on: bus, times: 10_000, retryable: false })
    for (const id of ids(3)) await lab.send(caller, new CancelOrder({ id }))
    await lab.pass(10_000)
    lab.check('nothing was given back').empty(lab.seen('settle'))
    lab.check('each ran once at most').atMost(runs, 3)
    const before = lab.seen('deliver').length
    lab.check('and was delivered once').atMost(before, 3)
    await refused.end()
    await lab.quiet()
    lab.check('all three are dead letters').equal((await lab.doors.deadLetters('orders')).length, 3)
  },
}

export const foreignMessage: Scenario = {
  id: 'WA-14',
  title: 'what another system wrote goes through retries to the dead letter with the bytes and headers that it came with',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'endpoint-delay'],
  deliveries: 2,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    await lab.bus({
      handlers: [
        handle(CancelOrder, { retry: { immediate: 0, delayed: ['1s'] } }, () => {
          throw new Error('always')
        }),
      ],
    })
    const body = '  {"id" : "o1" , "unknown" : 1 }\n'
    await lab.publishRaw(
      { endpoint: 'orders' },
      {
        body,
        envelope: {
          ...foreign,
          id: 'foreign',
          headers: { 'X-Theirs': 'ä' },
        },
      },
    )
    await lab.quiet()
    const [dead] = await lab.doors.deadLetters('orders')
    lab.check('the bytes').equal(Buffer.from(dead?.body ?? []).toString(), body)
    lab.check('the header').equal(dead?.envelope.headers['X-Theirs'], 'ä')
    lab.check('its source and its time').equal([dead?.envelope.source, dead?.envelope.time], ['elsewhere', '2026-01-01T00:00:00Z'])
  },
}

export const copyFits: Scenario = {
  id: 'WA-15',
  title: 'the largest message that may be sent still fits when it is a dead letter with its reason',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog('dead-lettered')
    const limits = {
      limits: { endpoint: { messageBytes: 40_000, batchCount: 10, batchBytes: 400_000 }, topic: { messageBytes: 40_000, batchCount: 10, batchBytes: 400_000 } },
    } as const
    await lab.bus({
      capabilities: limits,
      retry: { immediate: 0, delayed: [] },
      handlers: [
        handle(PlaceOrder, () => {
          throw new Error('x'.repeat(5_000))
        }),
      ],
    })
    const caller = await lab.bus({ capabilities: limits })
    let size = 40_000
    while ((await lab.rejection(lab.bounded('a send', caller.send(new PlaceOrder({ id: 'o1', note: 'n'.repeat(size) }), { id: 'largest' })))) !== undefined)
      size -= 1_000
    lab.check('there is room for more than half of the limit').atLeast(size, 20_000)
    await lab.quiet()
    const dead = await lab.doors.deadLetters('orders')
    lab.check('it is kept whole').equal(
      dead.map(({ envelope, body }) => [envelope.id, (body?.length ?? 0) > size]),
      [['largest', true]],
    )
    lab.check('with its reason').equal(dead[0]?.envelope.system['dead-letter-reason'], 'retries-exhausted')
  },
}

export const flushInPart: Scenario = {
  id: 'WA-17',
  title: 'of fifty held messages three are refused and two have no known outcome: only these are sent again, with their ids, and the handler runs once',
  group: 'WA',
  tier: 'T1',
  needs: ['private-address', 'door:refuseSends', 'door:loseConfirms'],
  deliveries: 51,
  faults: ['refuseSends', 'loseConfirms'],
  async run(lab) {
    let runs = 0
    const seen: string[] = []
    const bus = await lab.bus({
      handlers: [
        handle(PlaceOrder, async ({ id }, context) => {
          runs += 1
          for (const each of ids(50)) await context.send(new ShipOrder({ id: each }))
          return { id, total: 1 }
        }),
        handle(ShipOrder, (_, { id }) => void seen.push(id)),
      ],
    })
    const caller = await lab.bus()
    await lab.faults.refuseSends({ on: bus, times: 3, retryable: true, type: 'orders.ship' })
    await lab.faults.loseConfirms({ on: bus, times: 2, taken: true, type: 'orders.ship' })
    await lab.send(caller, new PlaceOrder({ id: 'o1' }))
    await lab.quiet()
    lab.check('the handler ran once').equal(runs, 1)
    lab.check('fifty ids arrived').equal(new Set(seen).size, 50)
    lab.check('two at most came twice').atMost(seen.length, 52)
  },
}
