import type { Capabilities } from './capabilities.js'
import type { OnDelivery, SubscribeOptions, Subscription } from './delivery.js'
import type { Envelope, Original } from './envelope.js'
import type { TransportHost } from './host.js'
import type { Outgoing } from './outgoing.js'
import type { Change, Destination, Endpoint, Topology } from './topology.js'

/**
 * What a broker package implements. Core wraps every transport in a guard that connects once, batches concurrent sends,
 * checks sizes, sends again what is refused and retryable, and applies back-pressure; a transport does only what its
 * broker alone can do.
 */
export interface Transport {
  /** `rabbitmq`; also `messaging.system.name`. */
  readonly name: string
  /** Before connect: what every supported version has; after: what this broker has. */
  readonly capabilities: Capabilities
  /** Called once. Rejects for a cause that trying again cannot mend, such as a wrong password. */
  connect(host: TransportHost): Promise<void>
  /** `check` changes nothing and reports; `create` adds what is missing and reports what differs; `remove` also removes what is left over. Queues before subscriptions. */
  provision(topology: Topology, mode: 'create' | 'check' | 'remove'): Promise<readonly Change[]>
  /** Pure, cheap upper bound of the bytes that a message takes on this wire. @default body and headers, plus a fixed overhead */
  sizeOf?(message: Outgoing): number
  /**
   * All messages have one destination. Resolves when the broker has taken responsibility for every message that the
   * result does not name. A rejection means unknown for all. When the signal aborts it answers at once and names what
   * is not confirmed. Messages of one call with the same key are taken in order: when one fails, the later ones of that
   * key fail too. At most one call is in flight per destination and key.
   */
  send(messages: readonly Outgoing[], signal: AbortSignal): Promise<readonly SendFailure[]>
  /** Resolves when the subscription receives. It survives lost connections until it is stopped. */
  subscribe(endpoint: Endpoint, onDelivery: OnDelivery, options: SubscribeOptions): Promise<Subscription>
  /** Changes nothing that the broker lets it leave as it is. */
  readonly inspect?: Inspect
  /** Ends every connection. What is unsettled goes back. Idempotent. */
  close(): Promise<void>
}

/** Looks into the broker without taking anything out. */
export interface Inspect {
  /** Exact when nothing moves; rejects when it cannot be known, never guesses 0. */
  depth(of: Destination): Promise<Depth>
  browse(of: Destination, options: { readonly limit: number; readonly signal: AbortSignal }): AsyncIterable<Browsed>
}

/** How many messages an endpoint has, by what may happen to them next. */
export interface Depth {
  readonly ready: number
  readonly unsettled: number
  readonly delayed: number
}

/** A message as it lies on the broker; reading it settles nothing. */
export interface Browsed {
  readonly envelope: Envelope | undefined
  readonly original: Original
  readonly nativeId: string | undefined
}

/** One message of a `send` call that is not confirmed. */
export interface SendFailure {
  /** Of the message in the call. */
  readonly index: number
  /** `refused`: the broker does not have it; `unknown`: nobody can say. */
  readonly outcome: 'refused' | 'unknown'
  /** Whether sending it again may help. */
  readonly retryable: boolean
  readonly cause: unknown
}

/** What a transport package's factory returns, and what `fromConfig` makes of a URL or a block. One transport per start. */
export interface TransportSource {
  create(): Transport
}
