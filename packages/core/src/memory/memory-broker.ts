import { randomUUID } from 'node:crypto'
import type { Clock, Depth, Destination, Endpoint } from '../contract/index.js'
import { anything, checkOptions, duration, optional, parseDuration, text, type Duration } from '../wire/index.js'
import { Broker } from './broker.js'
import { Consumer } from './consumer.js'
import { deadLetterOf, isDeadLetter } from './entities.js'
import { fromRecord, keyOf, toRecord } from './envelope-mapping.js'
import { badOptions, disconnected, unroutable } from './errors.js'
import type { ConnectionFault, HoldOptions, SendFault, SettlementFault } from './faults.js'
import { messagesOf } from './messages-of.js'
import type { Queue } from './queue.js'
import type { Stored } from './stored.js'

/** How a broker in memory behaves. */
export interface MemoryBrokerOptions {
  /** In errors and logs. @default 'private' */
  readonly name?: string
  /** @default the clock of the first bus that connects */
  readonly clock?: Clock
  /** For so long a copy that is sent again (same `copyId`) is confirmed and not stored. @default nothing is deduplicated */
  readonly deduplicate?: Duration
}

/** A message as the broker has it. A copy: changing it changes nothing. */
export interface RawMessage {
  readonly nativeId: string
  readonly body: Uint8Array | null
  readonly headers: Readonly<Record<string, string>>
  readonly via: 'address' | 'topic'
  readonly state: 'ready' | 'unsettled' | 'delayed'
  readonly deliveryCount: number
}

/** Where a raw message goes: an own address, or a topic. */
export type RawDestination = { readonly endpoint: string } | { readonly topic: string }

/** Bytes and native headers that go in past every bus. */
export interface RawOutgoing {
  /** Text is written as UTF-8. */
  readonly body: Uint8Array | string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Epoch milliseconds on the broker's clock. */
  readonly notBefore?: number
}

/** What exists on a broker. */
export interface BrokerEntities {
  readonly endpoints: readonly { readonly name: string; readonly ordered: boolean; readonly life: Endpoint['life']; readonly topics: readonly string[] }[]
  readonly topics: readonly { readonly name: string; readonly ordered: boolean }[]
}

let open: (broker: MemoryBroker) => Broker

/** A broker inside the process, with side doors that do not go through a bus: for tests, and for looking inside. */
export class MemoryBroker {
  readonly #broker: Broker

  static {
    open = (broker) => broker.#broker
  }

  constructor(options: MemoryBrokerOptions = {}) {
    const problems = checkOptions('broker', options, { name: optional(text), clock: anything, deduplicate: optional(duration) })
    if (problems.length > 0) throw badOptions(problems)
    const { name, clock, deduplicate } = options
    this.#broker = new Broker({ name: name ?? 'private', id: name ?? randomUUID(), clock, deduplicateMs: parseDuration(deduplicate) })
  }

  get name(): string {
    return this.#broker.name
  }

  /** Puts bytes in as they are, past every bus; returns the native id. */
  publish(to: RawDestination, { body, headers = {}, notBefore }: RawOutgoing): string {
    const destination: Destination = 'topic' in to ? { kind: 'topic', name: to.topic, ordered: false } : { kind: 'endpoint', name: to.endpoint, ordered: false }
    const route = this.#broker.entities.route(destination)
    if (route === undefined) throw unroutable(destination)
    const native = fromRecord(headers)
    return this.#broker.take(route, { body: typeof body === 'string' ? new TextEncoder().encode(body) : body, headers: native, key: keyOf(native), notBefore })
  }

  /** Takes the next ready message out, as a consumer that accepts it at once. */
  read(endpoint: string): RawMessage | undefined {
    const queue = this.#queue(endpoint)
    const stored = queue.take(new Consumer({ receive: () => undefined }, { prefetch: 1, countsReleases: false }))
    return stored && raw(stored, 'ready')
  }

  /** Everything that an endpoint has, in the order of its places, then what is delayed, by time. Changes nothing. */
  browse(endpoint: string): RawMessage[] {
    return messagesOf(this.#broker, this.#queue(endpoint)).map(({ stored, state }) => raw(stored, state))
  }

  /** What lies in the dead-letter endpoint of an endpoint, or in all of them. */
  deadLetters(endpoint?: string): RawMessage[] {
    if (endpoint !== undefined) return this.browse(deadLetterOf(endpoint))
    return [...this.#broker.entities.queues.keys()].filter(isDeadLetter).flatMap((name) => this.browse(name))
  }

  depth(endpoint: string): Depth {
    return this.#queue(endpoint).depth
  }

  consumerCount(endpoint: string): number {
    return this.#queue(endpoint).consumers.length
  }

  entities(): BrokerEntities {
    const { queues, topics } = this.#broker.entities
    return {
      endpoints: [...queues.values()].map((queue) => ({
        name: queue.name,
        ordered: queue.ordered,
        life: queue.life,
        topics: this.#broker.entities.subscriptionsOf(queue).map(({ name }) => name),
      })),
      topics: [...topics.values()].map(({ name, ordered }) => ({ name, ordered })),
    }
  }

  /** Deletes an endpoint with its messages, or a topic. Whoever consumes the endpoint loses its connection. */
  remove(what: RawDestination): void {
    if ('topic' in what) this.#broker.entities.topics.delete(what.topic)
    else this.#broker.remove(this.#queue(what.endpoint), unroutable({ kind: 'endpoint', name: what.endpoint, ordered: false }, { retryable: true }))
  }

  /** The buses that are connected. */
  connections(): string[] {
    return [...this.#broker.links].map(({ instanceId }) => instanceId)
  }

  /** Cuts the connections of one bus, or of all: what they hold goes back with its count raised, `lost` aborts, the transport connects again. */
  cut(instanceId?: string): void {
    for (const link of [...this.#broker.links]) {
      if ((instanceId ?? link.instanceId) === link.instanceId) this.#broker.disconnect(link, { how: 'lost', cause: disconnected(this.name) })
    }
  }

  /** The next sends are not confirmed. Returns the function that ends it. */
  failSends(fault: SendFault = {}): () => void {
    return this.#broker.faults.failSends(fault)
  }

  /** The next settlements do not reach the broker; the transport repeats them. Returns the function that ends it. */
  failSettlements(fault: SettlementFault = {}): () => void {
    return this.#broker.faults.failSettlements(fault)
  }

  /** The next connections are refused. Returns the function that ends it. */
  failConnections(fault: ConnectionFault = {}): () => void {
    return this.#broker.faults.failConnections(fault)
  }

  /** Sends get no answer until `resumeSends`; one whose signal aborts meanwhile is `unknown`. */
  holdSends(options: HoldOptions = {}): void {
    this.#broker.faults.hold(options)
  }

  resumeSends(): void {
    this.#broker.faults.resume()
  }

  #queue(endpoint: string): Queue {
    const queue = this.#broker.entities.queues.get(endpoint)
    if (queue === undefined) throw unroutable({ kind: 'endpoint', name: endpoint, ordered: false })
    return queue
  }
}

/** A broker that nobody reaches by name: pass it to `memory({ broker })`. */
export function createMemoryBroker(options: MemoryBrokerOptions = {}): MemoryBroker {
  return new MemoryBroker(options)
}

/** The server behind the side doors: for the transport. */
export function serverOf(broker: MemoryBroker): Broker {
  return open(broker)
}

function raw({ message, via, returns }: Stored, state: RawMessage['state']): RawMessage {
  const { nativeId, body, headers } = message
  return { nativeId, body: body === null ? null : new Uint8Array(body), headers: toRecord(headers), via, state, deliveryCount: returns + 1 }
}
