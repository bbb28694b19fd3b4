import type { Delivery, SubscribeOptions, Subscription, Transport, TransportSource } from '@waybill/core/contract'
import { describe, expect, it } from 'vitest'
import type { Doors, FaultDoors, Harness, Place } from '../src/harness/harness.js'
import { memoryHarness } from '../src/memory/memory-harness.js'
import { changedDelivery, changedSubscription, overDeliveries, overTransport } from '../src/mutants/over-transport.js'
import { conformance } from '../src/runner/conformance.js'

interface Wrong {
  /** What is wrong. */
  readonly title: string
  /** The scenario and its check that see it. */
  readonly seen: readonly [scenario: string, check: string | RegExp]
  readonly alter: (place: Place) => Place
}

const around =
  (change: (transport: Transport) => Partial<Transport>, capabilities = {}) =>
  (place: Place): Place => ({
    ...place,
    transport: (options = {}) => changed(place.transport({ ...options, capabilities: { ...capabilities, ...options.capabilities } }), change),
  })
const changed = (source: TransportSource, change: (transport: Transport) => Partial<Transport>): TransportSource => ({
  create() {
    const transport = source.create()
    const changes = change(transport)
    return new Proxy(transport, {
      get(target, name) {
        if (Object.hasOwn(changes, name)) return Reflect.get(changes, name) as unknown
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  },
})
const subscription = (change: (subscription: Subscription, options: SubscribeOptions) => Partial<Subscription>) =>
  around((transport) => ({
    async subscribe(endpoint, onDelivery, options) {
      const own = await transport.subscribe(endpoint, onDelivery, options)
      return changedSubscription(own, change(own, options))
    },
  }))
const deliveries =
  (change: (delivery: Delivery) => Partial<Delivery>) =>
  (place: Place): Place => ({
    ...place,
    transport: (options) => overDeliveries(place.transport(options), (onDelivery) => (delivery) => onDelivery(changedDelivery(delivery, change(delivery)))),
  })
const declaring = (capabilities: object, weaker: object = {}) =>
  around((transport) => ({ capabilities: { ...transport.capabilities, ...capabilities } }), weaker)
const doors =
  (change: (doors: Doors) => Partial<Doors>) =>
  (place: Place): Place => ({ ...place, doors: { ...place.doors, ...change(place.doors) } })
const faults =
  (change: (faults: FaultDoors) => FaultDoors) =>
  (place: Place): Place => ({ ...place, faults: { ...place.faults, ...change(place.faults) } })

const never = new AbortController().signal
const fullSizes = { messageBytes: 16_777_216, batchCount: 1_000, batchBytes: 67_108_864 }
const sizes = (lesser: object) => ({ limits: { endpoint: { ...fullSizes, ...lesser }, topic: { ...fullSizes, ...lesser } } })
let deliveriesMade = 0

const wrong: readonly Wrong[] = [
  {
    title: 'a stop that resolves before its settlements',
    seen: ['GS-17', 'the stop waits for the answers'],
    alter: subscription((own) => ({ stop: async (signal) => void own.stop(signal) })),
  },
  {
    title: 'a stop that gives back what still has time',
    seen: ['GS-17', 'what is held stays held'],
    alter: subscription((own) => ({ stop: () => own.stop(AbortSignal.abort()) })),
  },
  { title: 'a stop that no signal cuts short', seen: ['GS-18', 'the stop settles'], alter: subscription((own) => ({ stop: () => own.stop(never) })) },
  {
    title: 'a transport whose end does nothing',
    seen: ['GS-20', 'no connection is left'],
    alter: around(() => ({ close: async () => undefined })),
  },
  {
    title: 'a limit of nothing that pauses nothing',
    seen: ['CP-11', 'paused, nothing new comes'],
    alter: subscription((own) => ({ limit: async (prefetch) => (prefetch === 0 ? undefined : own.limit(prefetch)) })),
  },
  {
    title: 'an address that is another one each time',
    seen: ['RR-15', 'it stays the same'],
    alter: around((transport) => ({
      async subscribe(endpoint, onDelivery, options) {
        const own = await transport.subscribe(endpoint, onDelivery, options)
        let reads = 0
        const address = (): string => `${own.address}${(reads += 1) > 1 ? reads : ''}`
        return Object.defineProperty(changedSubscription(own, {}), 'address', { get: address })
      },
    })),
  },
  {
    title: 'a native id that changes with each delivery',
    seen: ['RD-19', /is called the same/],
    alter: deliveries(({ nativeId }) => ({ nativeId: `${nativeId}-${(deliveriesMade += 1)}` })),
  },
  {
    title: 'a delivery count that is too high by one',
    seen: ['RD-20', 'the counts'],
    alter: deliveries(({ deliveryCount = 0 }) => ({ deliveryCount: deliveryCount + 1 })),
  },
  {
    title: 'counts of releases that are declared as counts of crashes',
    seen: ['RD-19', 'counts say crashes'],
    alter: declaring({ deliveryCount: 'crashes' }, { deliveryCount: 'all' }),
  },
  { title: 'counts of crashes that are declared as counts of all', seen: ['RD-19', 'counts say all'], alter: declaring({ deliveryCount: 'all' }) },
  {
    title: 'a removal that removes nothing',
    seen: ['TP-16', 'a removal removes it, and nothing else'],
    alter: around((transport) => ({ provision: (topology, mode) => transport.provision(topology, mode === 'remove' ? 'create' : mode) })),
  },
  {
    title: 'a limited life that ends with its consumer',
    seen: ['TP-17', 'it is still there'],
    alter: around((transport) => ({
      provision: ({ endpoints, topics }, mode) =>
        transport.provision({ topics, endpoints: endpoints.map((each) => (each.life === 'durable' ? each : { ...each, life: { idleMs: 1 } })) }, mode),
      subscribe: (endpoint, onDelivery, options) =>
        transport.subscribe(endpoint.life === 'durable' ? endpoint : { ...endpoint, life: { idleMs: 1 } }, onDelivery, options),
    })),
  },
  { title: 'a lock of −5 ms', seen: ['CAP-13', 'a lock lasts'], alter: declaring({ lockMs: -5 }) },
  {
    title: 'a largest message that is not taken',
    seen: ['CAP-14', 'the largest to a endpoint'],
    alter: declaring(sizes({}), sizes({ messageBytes: 8_388_608 })),
  },
  { title: 'a longest request that is not taken', seen: ['CAP-14', 'the most to a endpoint'], alter: declaring(sizes({}), sizes({ batchCount: 999 })) },
  {
    title: 'a request of the most bytes that is not taken',
    seen: ['CAP-14', 'the most bytes to a endpoint'],
    alter: declaring(sizes({}), sizes({ batchBytes: 33_554_432 })),
  },
  { title: 'a size that is none', seen: ['CAP-15', 'no less than what is in it'], alter: around(() => ({ sizeOf: () => 0 })) },
  {
    title: 'a lock that is lost before its time',
    seen: ['CAP-16', 'it is not lost'],
    alter: (place) => ({
      ...place,
      transport: (options) =>
        overDeliveries(place.transport(options), (onDelivery) => (delivery) => {
          const lock = new AbortController()
          const timer = place.clock.after(30_000, () => lock.abort())
          return onDelivery(changedDelivery(delivery, { lost: lock.signal })).finally(() => timer.cancel())
        }),
    }),
  },
  {
    title: 'a depth that is nothing',
    seen: ['CAP-17', 'the depth'],
    alter: around(({ inspect }) => ({
      ...(inspect && { inspect: { depth: async () => ({ ready: 0, unsettled: 0, delayed: 0 }), browse: inspect.browse.bind(inspect) } }),
    })),
  },
  {
    title: 'delays that end 10 ms early',
    seen: ['CAP-18', /comes when it is due/],
    alter: (place) => ({
      ...place,
      transport: (options) =>
        overTransport(place.transport(options), (transport) => ({
          send: (messages, signal) =>
            transport.send(
              messages.map((message) => (message.notBefore === undefined ? message : { ...message, notBefore: message.notBefore - 10 })),
              signal,
            ),
        })),
    }),
  },
  {
    title: 'a delay to topics that is declared and not there',
    seen: ['CAP-18', /^topic \d+ is taken$/],
    alter: declaring(
      { delay: { endpoint: { maxMs: Infinity, resolutionMs: 1 }, topic: { maxMs: Infinity, resolutionMs: 1 } } },
      { delay: { endpoint: { maxMs: Infinity, resolutionMs: 1 }, topic: 'none' } },
    ),
  },
  {
    title: 'a second consumer that stands by only by its word',
    seen: ['OR-21', /unless one stands by/],
    alter: declaring({ ordering: { unit: 'key', scaleOut: 'standby' } }),
  },
  { title: 'a door that looks away', seen: ['CAP-19', /shows all of them/], alter: doors(() => ({ browse: async () => [] })) },
  { title: 'a door that takes nothing out', seen: ['CAP-19', 'one is taken out, as it went in'], alter: doors(() => ({ read: async () => undefined })) },
  { title: 'a door that sees nobody connected', seen: ['CAP-19', 'who is connected'], alter: doors(() => ({ connections: async () => [] })) },
  {
    title: 'a depth that guesses nothing where it knows nothing',
    seen: ['CAP-19', 'a depth that cannot be known is an error, not nothing'],
    alter: doors((own) => ({ depth: (name) => own.depth(name).catch(() => ({ ready: 0, unsettled: 0, delayed: 0 })) })),
  },
  {
    title: 'evidence of lost settlements that were not lost',
    seen: ['DS-10', 'while its settlement is lost the broker holds it'],
    alter: faults(() => ({ loseSettlements: async () => ({ evidence: async () => '3 settlements lost', end: async () => undefined }) })),
  },
  {
    title: 'lost confirms of messages that the broker has not',
    seen: ['FT-10', 'this one the broker has'],
    alter: faults((own) => ({
      loseConfirms: async (options) =>
        (await own.loseConfirms?.({ ...options, taken: !options.taken })) ?? { evidence: async () => undefined, end: async () => undefined },
    })),
  },
]

describe('a transport that is wrong', () => {
  it.each(wrong)('is seen: $title', async ({ seen: [scenario, check], alter }) => {
    const harness: Harness = { name: 'wrong', create: async (options) => alter(await memoryHarness.create(options)) }
    const { scenarios } = await conformance({ ...harness, only: [scenario] })
    const failed = scenarios.flatMap(({ failures }) => failures.filter(({ kind }) => kind === 'check' || kind === 'bound').map((failure) => failure.check))
    expect(failed.some((name) => (typeof check === 'string' ? name === check : check.test(name))) ? 'seen' : failed).toBe('seen')
  })
})
