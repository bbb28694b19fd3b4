import type { Clock } from './clock.js'
import type { Envelope } from './envelope.js'

/**
 * Remembers which handler has done which message, so that a duplicate does nothing. A row is keyed by endpoint, handler,
 * source and message id: ids are unique for their source only, and two handlers of one event each have work of their own.
 *
 * A row is claimed before the handler runs and is done after everything that the handler sent is confirmed. Who fails
 * gives it back, and nothing of it stays. Sources and ids are any text, of any length: a store whose columns take less keeps
 * a hash. Every call ends within a time of the store's own: one that never does keeps a place of its endpoint. A store keeps what is done for its retention, and what is claimed for as long
 * as it is claimed.
 */
export interface InboxStore {
  /** `process`: what it remembers ends with this process. A bus on a broker that outlives the process refuses to start with one, unless that is accepted. */
  readonly durability: 'process' | 'disk'
  /** Called at the start of every bus that uses it, before its first claim. A start fails with what it rejects with. */
  open?(host: InboxHost): Promise<void>
  /**
   * Takes the row, or says why not, without waiting for who holds it. May be called concurrently, by many buses: of those
   * that claim one row at once, one gets it. Rejects when the store cannot be reached, within a time of its own; then, and
   * when `signal` aborts, nothing stays claimed.
   */
  claim(request: InboxRequest, signal: AbortSignal): Promise<InboxAnswer>
}

/** What a bus gives to its inbox. */
export interface InboxHost {
  readonly clock: Clock
}

/** The work that is about to begin. */
export interface InboxRequest {
  readonly endpoint: string
  readonly handler: string
  /** Names that the handler had: what is done under one of them is done. */
  readonly formerHandlers: readonly string[]
  readonly source: string
  readonly id: string
  /** Epoch milliseconds, equal for every delivery of this message. Its day, in UTC, is the row's bucket: rows leave by the day. Absent where the message tells no time: its row leaves by its own age. */
  readonly time?: number
  /** Was delivered before, or comes out of a dead letter: no other message is ever too old. */
  readonly redelivered: boolean
  /** For how long a claim holds that nobody renews. */
  readonly leaseMs: number
}

/** How it stands with the row. */
export type InboxAnswer = InboxClaim | InboxDone | InboxTooOld | InboxHeld

/** Done before, and the reply that the requester was given, byte for byte. */
export interface InboxDone {
  readonly state: 'done'
  readonly reply?: Envelope
}

/** A redelivery whose bucket is older than the retention: whether it was done, nobody knows any more. A row that is still there is told instead. */
export interface InboxTooOld {
  readonly state: 'too-old'
}

/** Another one has it. */
export interface InboxHeld {
  readonly state: 'held'
  /** Ends when the row is done, or when this is the one of all waiting that gets it: its holder has released it, or has died and its lease is over. Called at most once; rejects like `claim`, whose signal ends it too. */
  wait(): Promise<InboxClaim | InboxDone>
}

/** The row is ours. */
export interface InboxClaim {
  readonly state: 'claimed'
  /**
   * Marks the row as done, with the reply that a duplicate is to get. `lost`: another one has taken the row over, and
   * nothing is marked. May be called again after it rejected: then it says what became of the row.
   */
  complete(done: { readonly reply?: Envelope }): Promise<'done' | 'lost'>
  /** Gives the row back as if it had never been claimed. Changes nothing when it is done, or no longer ours. */
  release(): Promise<void>
  /** The lease begins anew. Absent where a claim holds as long as its connection: a transaction needs no lease. */
  renew?(): Promise<'held' | 'lost'>
}
