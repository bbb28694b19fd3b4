import type { Capabilities, Clock, Depth, EnvelopeKind, TransportSource } from '@waybill/core/contract'
import type { VirtualClock } from '@waybill/core/runtime'

/** What the author of a transport supplies: where a scenario can run. */
export interface Harness {
  /** `rabbitmq`: in results, and in the list of allowed skips. */
  readonly name: string
  /** A fresh place that shares nothing with any other: a vhost, a prefix, a schema, a broker in memory. */
  create(options: PlaceOptions): Promise<Place>
}

/** What one place is made for. */
export interface PlaceOptions {
  /** Unique per run of a scenario; letters, digits and dashes. */
  readonly namespace: string
  readonly seed: number
}

/** Time that stands still between the calls of the lab, or the machine's. */
export type PlaceTime = { readonly time: 'virtual'; readonly clock: VirtualClock } | { readonly time: 'real'; readonly clock: Clock }

/** One broker, or a part of it that nobody else sees, for one scenario. */
export type Place = PlaceTime & {
  /** For one more bus on this broker. With less than the transport has, where it can refuse the rest. */
  transport(options?: TransportOptions): TransportSource
  /** What the connected broker has, where that is more than the transport says before it is connected. @default the transport's */
  readonly capabilities?: Capabilities
  /** How often the transport asks its broker, where it polls: quiet lasts three of them. @default 0 */
  readonly pollMs?: number
  readonly doors: Doors
  /** What the broker can be made to do wrong. Each is optional: a scenario that needs a missing one is skipped. */
  readonly faults: FaultDoors
  /** Ends and removes everything. Called once, also after a failure. */
  close(): Promise<void>
}

/** Which capabilities a bus of a scenario is to find. */
export interface TransportOptions {
  readonly capabilities?: Partial<Capabilities>
}

/** Native side doors: past every bus, by the broker's own means. None of them goes through the transport that is proved. */
export interface Doors {
  /** Puts a message in as it is. */
  publish(to: RawDestination, message: RawOutgoing): Promise<void>
  /** Takes the next ready message out, as a consumer that accepts it at once. */
  read(endpoint: string): Promise<RawMessage | undefined>
  /** Everything that an endpoint has. Changes nothing. */
  browse(endpoint: string): Promise<readonly RawMessage[]>
  /** What lies in the dead-letter endpoint of an endpoint; nothing where there is none. */
  deadLetters(endpoint: string): Promise<readonly RawMessage[]>
  /** Read natively, exact when nothing moves. Rejects when it cannot be known: never a guess, never 0. */
  depth(endpoint: string): Promise<Depth>
  entities(): Promise<RawEntities>
  /** Deletes an endpoint with its messages, or a topic. Whoever consumes the endpoint is told, or loses its connection. Optional: a scenario that needs it is skipped where it is missing. */
  remove?(what: RawDestination): Promise<void>
  consumerCount(endpoint: string): Promise<number>
  /** The ids of the instances that are connected. */
  connections(): Promise<readonly string[]>
}

/** An endpoint's own address, or a topic. */
export type RawDestination = { readonly endpoint: string } | { readonly topic: string }

/** What a message says of itself, in the names of the envelope; written into native headers by the door as the transport documents its mapping. */
export interface RawEnvelope {
  readonly id?: string
  readonly type?: string
  readonly version?: number | string
  readonly source?: string
  readonly time?: string
  readonly contentType?: string
  readonly kind?: EnvelopeKind | (string & {})
  readonly correlationId?: string
  readonly causationId?: string
  readonly replyTo?: string
  readonly expiresAt?: number | string
  readonly key?: string
  /** The user's own. */
  readonly headers?: Readonly<Record<string, string>>
  /** The framework's own, such as `dead-letter-reason`. */
  readonly system?: Readonly<Record<string, string>>
}

/** A message that goes in past every bus. */
export interface RawOutgoing {
  /** Text is written as UTF-8. */
  readonly body: Uint8Array | string | null
  /** Absent fields are absent on the wire. */
  readonly envelope?: RawEnvelope
  /** Native headers, beside those of the envelope, as they are. */
  readonly native?: Readonly<Record<string, string>>
  /** Epoch milliseconds on the broker's clock. */
  readonly notBefore?: number
}

/** A message as its broker has it. */
export interface RawMessage {
  readonly nativeId: string | undefined
  readonly body: Uint8Array | null
  /** The native headers, as far as they are those of the mapping. */
  readonly envelope: RawEnvelope & { readonly headers: Readonly<Record<string, string>>; readonly system: Readonly<Record<string, string>> }
  readonly state: 'ready' | 'unsettled' | 'delayed'
}

/** What exists on the broker, in the names that the bus uses. */
export interface RawEntities {
  readonly endpoints: readonly { readonly name: string; readonly topics: readonly string[] }[]
  readonly topics: readonly string[]
}

/** How the broker can be made to fail. Every door says by its evidence whether it really did. */
export interface FaultDoors {
  /** Cuts the connections of one instance, or all. They may come again at once. */
  cut?(options: OnInstance): Promise<Fault>
  /** The next sends are refused. */
  refuseSends?(options: SendFaultOptions): Promise<Fault>
  /** The next sends have no known outcome; the broker has them, or not. */
  loseConfirms?(options: SendFaultOptions & { readonly taken: boolean }): Promise<Fault>
  /** Sends get no answer until it ends; the broker has them meanwhile, or not. */
  holdSends?(options: OnInstance & { readonly taken: boolean }): Promise<Fault>
  /** The next settlements do not reach the broker. */
  loseSettlements?(options: TimesOnInstance): Promise<Fault>
  /** The next connections are refused; with `retryable: false` for good, as with a wrong password. */
  refuseConnections?(options: TimesOnInstance & { readonly retryable: boolean }): Promise<Fault>
}

/** Whose. @default every instance's */
export interface OnInstance {
  readonly instance?: string | undefined
}
/** How often it happens, and whose it is. */
export interface TimesOnInstance extends OnInstance {
  readonly times: number
}
/** Which sends are struck, and whether core may send them again. */
export interface SendFaultOptions extends TimesOnInstance {
  readonly retryable: boolean
  /** Only messages of this type. @default every message */
  readonly type?: string | undefined
}

/** A fault between its beginning and its end. */
export interface Fault {
  /** What shows that it really happened, such as `2 connections closed`; `undefined`: it has not. */
  evidence(): Promise<string | undefined>
  /** Undoes it. Idempotent; a fault that is over by itself has nothing to undo. */
  end(): Promise<void>
}
