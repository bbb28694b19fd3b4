import type {
  Delivery,
  Destination,
  Disposition,
  Endpoint,
  Envelope,
  Outgoing,
  SupervisedWork,
  Supervisor,
  Subscription,
  Transport,
  TransportEvent,
  TransportHost,
} from '../src/contract/index.js'
import { createMemoryBroker, memory, type MemoryBroker, type MemoryBrokerOptions, type NarrowedCapabilities } from '../src/memory/index.js'
import { crashes } from '../src/runtime/failpoint.js'
import { virtualClock, type VirtualClock } from '../src/runtime/virtual-clock.js'

/** How long the fake supervisor waits before it opens again. */
export const reopenMs = 50

export interface OpenTransport {
  readonly transport: Transport
  readonly instanceId: string
  /** What the transport has reported. */
  readonly events: TransportEvent[]
}

export interface MemoryHarness {
  readonly clock: VirtualClock
  readonly broker: MemoryBroker
  /** A transport of its own, connected, as a bus of its own would have it. */
  readonly open: (instanceId?: string, capabilities?: NarrowedCapabilities) => Promise<OpenTransport>
}

export function memoryHarness(options: Omit<MemoryBrokerOptions, 'clock'> = {}): MemoryHarness {
  const clock = virtualClock()
  const broker = createMemoryBroker({ ...options, clock })
  let instances = 0
  return {
    clock,
    broker,
    async open(instanceId = `bus-${(instances += 1)}`, capabilities = {}) {
      const transport = memory({ broker, capabilities }).create()
      const { host, events } = fakeHost(clock, instanceId)
      await transport.connect(host)
      return { transport, instanceId, events }
    },
  }
}

export function fakeHost(clock: VirtualClock, instanceId: string): { readonly host: TransportHost; readonly events: TransportEvent[] } {
  const events: TransportEvent[] = []
  return { events, host: { instanceId, clock, stores: {}, supervise: (work) => superviseSimply(clock, work), report: (event) => void events.push(event) } }
}

/** Opens, opens again some time after a loss or a refusal, closes once. */
function superviseSimply(clock: VirtualClock, work: SupervisedWork): Supervisor {
  const ready = Promise.withResolvers<void>()
  let close: (() => Promise<void>) | undefined
  let stopped = false
  const again = (): void => {
    close = undefined
    if (!stopped) clock.after(reopenMs, () => void open())
  }
  const open = async (): Promise<void> => {
    if (stopped) return
    try {
      close = await work.open(again)
      ready.resolve()
    } catch (cause) {
      if (typeof cause === 'object' && cause !== null && 'retryable' in cause && cause.retryable === false) ready.reject(cause)
      else again()
    }
  }
  void open()
  return {
    ready: ready.promise,
    progress: () => undefined,
    async stop() {
      stopped = true
      await close?.()
      close = undefined
    },
  }
}

export function crash(instanceId: string): void {
  crashes.publish({ instanceId, failpoint: 'before-settle' })
}

export function endpointNamed(name: string, options: Partial<Omit<Endpoint, 'name'>> = {}): Endpoint {
  return { name, topics: [], life: 'durable', ordered: false, ...options }
}

export const toEndpoint = (name: string, ordered = false): Destination => ({ kind: 'endpoint', name, ordered })
export const toTopic = (name: string, ordered = false): Destination => ({ kind: 'topic', name, ordered })

let ids = 0

export function envelopeOf(text: string, fields: Partial<Envelope> = {}): Envelope {
  ids += 1
  const empty = Object.create(null) as Record<string, string>
  return {
    ...{ id: `id-${ids}`, type: 'orders.test', version: 1, source: 'tests', time: '2026-01-01T00:00:00.000Z', contentType: 'text/plain', kind: 'event' },
    ...{ headers: empty, system: empty, body: new TextEncoder().encode(text) },
    ...fields,
  }
}

export function outgoing(
  destination: Destination,
  text: string,
  { envelope, ...rest }: Partial<Omit<Outgoing, 'envelope'>> & { readonly envelope?: Partial<Envelope> } = {},
): Outgoing {
  return { destination, envelope: envelopeOf(text, envelope), copyId: `copy-${ids}`, ...rest }
}

export const unaborted: AbortSignal = new AbortController().signal

/** One delivery that waits for the test's answer. */
export interface Held {
  readonly text: string
  readonly key: string | undefined
  readonly delivery: Delivery
  settle(disposition: Disposition): void
}

/** A subscription that keeps every delivery until the test settles it. */
export interface Reader {
  readonly subscription: Subscription
  /** In the order of delivery; nothing is ever taken out. */
  readonly held: Held[]
  readonly texts: () => string[]
}

export async function read(transport: Transport, endpoint: Endpoint, prefetch = 10): Promise<Reader> {
  const held: Held[] = []
  const subscription = await transport.subscribe(
    endpoint,
    (delivery) => {
      const { promise, resolve } = Promise.withResolvers<Disposition>()
      held.push({ text: textOf(delivery), key: delivery.envelope?.key, delivery, settle: resolve })
      return promise
    },
    { prefetch },
  )
  return { subscription, held, texts: () => held.map(({ text }) => text) }
}

/** A subscription that accepts everything at once. */
export async function accept(
  transport: Transport,
  endpoint: Endpoint,
  prefetch = 10,
): Promise<{ readonly subscription: Subscription; readonly texts: string[] }> {
  const texts: string[] = []
  const subscription = await transport.subscribe(
    endpoint,
    async (delivery) => {
      texts.push(textOf(delivery))
      return 'accepted'
    },
    { prefetch },
  )
  return { subscription, texts }
}

export function textOf({ original }: Delivery): string {
  return new TextDecoder().decode(original.body ?? new Uint8Array())
}
