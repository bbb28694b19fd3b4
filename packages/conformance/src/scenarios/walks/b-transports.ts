import { handle, on } from '@waybill/core'
import type { Capabilities, Outgoing, Supervisor, TransportSource } from '@waybill/core/contract'
import { overTransport } from '../../mutants/over-transport.js'
import { CancelOrder, MoveStock, OrderCancelled, PlaceOrder, ShipOrder } from '../messages.js'
import type { Scenario } from '../scenario.js'

/** What is true before the connection is asked of the broker, and what is found there. */
function found(source: TransportSource, before: Partial<Capabilities>, after: Partial<Capabilities>): TransportSource {
  return overTransport(source, (transport) => {
    let isConnected = false
    return {
      get capabilities() {
        return { ...transport.capabilities, ...(isConnected ? after : before) }
      },
      async connect(host) {
        await transport.connect(host)
        isConnected = true
      },
    }
  })
}

export const timeOfTruth: Scenario = {
  id: 'WB-12',
  title: 'what counts is what the connected broker has: less than was promised refuses the start and leaves nothing, more is used, its limits hold',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'order'],
  deliveries: 1,
  async run(lab) {
    const handled: string[] = []
    const handlers = [handle(MoveStock, ({ item }) => void handled.push(item))]
    const none = { ordering: { unit: 'none', scaleOut: 'none' } } as const
    const poorer = lab.newBus({ name: 'stock', wrap: (source) => found(source, {}, none), handlers })
    const error = await lab.rejection(lab.start(poorer))
    lab.check('the start is refused').error(error, { code: 'WAYBILL_CONFIGURATION' })
    lab.check('and names what is missing').matches(error instanceof Error ? error.message : '', 'order by key')
    lab.check('nothing stays open, nothing was made').equal([await lab.doors.connections(), (await lab.doors.entities()).endpoints], [[], []])
    const small = { messageBytes: 4_096, batchCount: 10, batchBytes: 40_960 }
    await lab.bus({ name: 'stock', wrap: (source) => found(source, { ...none, replies: 'none' }, {}), handlers })
    const caller = await lab.bus({ wrap: (source) => found(source, {}, { limits: { endpoint: small, topic: small } }) })
    lab.check('the broker’s limits hold').error(await lab.rejection(lab.send(caller, new PlaceOrder({ id: 'o1', note: 'n'.repeat(8_192) }))), {
      code: 'WAYBILL_TOO_LARGE',
    })
    await lab.send(caller, new MoveStock({ item: 'a', n: 1 }))
    await lab.quiet()
    lab.check('what the broker has more is used').equal(handled, ['a'])
  },
}

export const supervisedByTheHost: Scenario = {
  id: 'WB-13',
  title: 'the host keeps a transport’s work open: an idle poll is progress, silence opens it again, an outage is told once, and a stop closes it',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address'],
  deliveries: 1,
  async run(lab) {
    lab.expectLog(/^polling /)
    const counts = { opened: 0, closed: 0, refused: 0 }
    let isSilent = false
    let isAway = false
    const wrap = (source: TransportSource): TransportSource =>
      overTransport(source, (transport) => {
        let timer: { cancel(): void } | undefined
        let supervisor: Supervisor | undefined
        return {
          async connect(host) {
            await transport.connect(host)
            supervisor = host.supervise({
              name: 'polling',
              stallMs: 10_000,
              async open() {
                if (isAway) {
                  counts.refused += 1
                  throw new Error('the broker is away')
                }
                counts.opened += 1
                return async () => void (counts.closed += 1)
              },
            })
            const poll = (): void => {
              if (!isSilent) supervisor?.progress()
              timer = host.clock.after(1_000, poll)
            }
            poll()
            await supervisor.ready
          },
          async close() {
            timer?.cancel()
            await transport.close()
          },
        }
      })
    const handled: string[] = []
    const bus = await lab.bus({ wrap, handlers: [handle(CancelOrder, ({ id }) => void handled.push(id))] })
    const warnings = (): number => lab.history.filter((event) => event.kind === 'logged' && event.level === 'warn').length
    const state = (): string | undefined => bus.health().connections.find(({ name }) => name === 'polling')?.state
    await lab.pass(40_000)
    lab.check('an endpoint without messages is no trouble').equal([counts.opened, state(), warnings()], [1, 'open', 0])
    isAway = true
    isSilent = true
    await lab.until('silence closes it', () => counts.closed === 1)
    await lab.until('it is tried again and again', () => counts.refused === 4)
    lab.check('the outage is told once, and health says so').equal([warnings(), state(), bus.health().status], [1, 'down', 'degraded'])
    isAway = false
    isSilent = false
    await lab.until('it is open again', () => state() === 'open')
    await lab.send(bus, new CancelOrder({ id: 'o1' }))
    await lab.quiet({ drain: false })
    lab.check('the bus works').equal(handled, ['o1'])
    await lab.stop(bus)
    lab.check('what was opened is closed').equal([counts.opened, counts.closed], [2, 2])
  },
}

export const nothingAfterTheAnswer: Scenario = {
  id: 'WB-18',
  title: 'all that a delivery causes has left before its answer, so a process may be frozen after it: held messages, retry copies, hops, replies, dead letters',
  group: 'WB',
  tier: 'T1',
  needs: ['private-address', 'replies', 'endpoint-delay'],
  deliveries: 8,
  async run(lab) {
    lab.expectLog('failed, again')
    lab.expectLog('dead-lettered')
    const inside: string[] = []
    const outside: string[] = []
    const hosted = (source: TransportSource): TransportSource =>
      overTransport(source, (transport) => {
        let open = 0
        const note = (messages: readonly Outgoing[]): void =>
          void (open === 0 ? outside : inside).push(...messages.map(({ envelope, destination }) => `${envelope.type} ${destination.kind}`))
        return {
          get capabilities() {
            return { ...transport.capabilities, settlement: 'returned' as const }
          },
          subscribe: (endpoint, onDelivery, options) =>
            transport.subscribe(
              endpoint,
              async (delivery) => {
                open += 1
                try {
                  return await onDelivery(delivery)
                } finally {
                  open -= 1
                }
              },
              options,
            ),
          async send(messages, signal) {
            note(messages)
            const failures = await transport.send(messages, signal)
            if (open === 0) outside.push('a confirm')
            return failures
          },
        }
      })
    const delay = { delay: { endpoint: { maxMs: 2_000, resolutionMs: 1 }, topic: 'none' } } as const
    await lab.bus({
      wrap: hosted,
      capabilities: delay,
      concurrency: 1,
      retry: { immediate: 0, delayed: ['1s'] },
      sends: [OrderCancelled],
      handlers: [
        handle(CancelOrder, async ({ id }, context) => {
          await context.publish(new OrderCancelled({ id }))
          if (id === 'fails') throw new Error('always')
        }),
        handle(PlaceOrder, ({ id }) => ({ id, total: 1 })),
        handle(ShipOrder, () => undefined),
      ],
    })
    const heard: string[] = []
    await lab.bus({ name: 'stock', handlers: [on(OrderCancelled, { id: 'stock.free' }, ({ id }) => void heard.push(id))] })
    const caller = await lab.bus({ capabilities: delay })
    // One at a time: what one delivery is late with is not hidden by the next.
    await lab.send(caller, new CancelOrder({ id: 'fails' }))
    await lab.quiet({ drain: false })
    await lab.send(caller, new CancelOrder({ id: 'o1' }))
    await lab.quiet({ drain: false })
    await lab.request(caller, new PlaceOrder({ id: 'o2' }))
    await lab.quiet({ drain: false })
    await lab.send(caller, new ShipOrder({ id: 'o3' }), { delay: '5s' })
    await lab.quiet({ drain: false })
    lab.check('nothing leaves after the answer').empty(outside)
    lab
      .check('the held event, the reply, two hops, the retry copy and the dead letter left before')
      .sameMembers(inside, [
        'orders.cancelled topic',
        'orders.place address',
        'orders.ship endpoint',
        'orders.ship endpoint',
        'orders.cancel endpoint',
        'orders.cancel endpoint',
      ])
    lab.check('the event arrived').equal(heard, ['o1'])
    lab.check('the dead letter, too').equal((await lab.doors.deadLetters('orders')).length, 1)
  },
}
