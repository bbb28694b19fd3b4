import type { DepthRead, Logged, Marker, ResourcesRead, Unhandled } from './readings.js'

/** The facts that a scenario leaves behind, in the order in which they happened. `at` is the run's clock in epoch milliseconds, `seq` counts from 1 without a gap. Written as JSON lines; the checkers read nothing else. */
export type HistoryEvent = { readonly seq: number; readonly at: number } & Fact

/** One fact. `message` is the envelope's id, `instance` a bus that runs, `run` one call of a handler. */
export type Fact =
  | PublishStarted
  | PublishEnded
  | Delivered
  | Started
  | Ended
  | Settled
  | DeadLettered
  | Expired
  | Seen
  | Effect
  | Position
  | LockLost
  | PromiseStarted
  | PromiseEnded
  | DepthRead
  | FaultBegan
  | FaultEnded
  | Marker
  | ResourcesRead
  | Logged
  | Unhandled
  | Answered
  | Deferred
  | Saturated
  | Ignored
  | Held

/** Somebody calls `send`, `publish` or `request`. `scope` names the tenant or namespace in which alone it may be seen. */
export interface PublishStarted {
  readonly kind: 'publish-started'
  readonly message: string
  readonly to: string
  readonly instance: string
  readonly key?: string
  /** Counts up per (instance, to, key), in the order of the calls. */
  readonly sequence: number
  readonly notBefore?: number
  /** How long after `notBefore` it may come at the latest, where nothing else holds it back. */
  readonly resolutionMs?: number
  readonly expiresAt?: number
  readonly scope?: string
  /** The endpoints at which it is to arrive, and no others. Absent: at one at least. */
  readonly readers?: readonly string[]
}

/** Three outcomes, never two: `unknown` may or may not arrive, and neither is wrong. */
export interface PublishEnded {
  readonly kind: 'publish-ended'
  readonly message: string
  readonly outcome: 'confirmed' | 'refused' | 'unknown'
}

/** The broker has handed a message to an instance. */
export interface Delivered {
  readonly kind: 'delivered'
  readonly delivery: string
  readonly message: string
  readonly endpoint: string
  readonly instance: string
  /** Set where the endpoint keeps order by it. */
  readonly key?: string
  readonly count?: number
  /** How many unsettled deliveries the instance has asked for at this moment. */
  readonly prefetch?: number
  readonly scope?: string
}

/** A handler is called. */
export interface Started {
  readonly kind: 'started'
  readonly run: string
  readonly delivery: string
  readonly message: string
  readonly endpoint: string
  readonly handler: string
  readonly instance: string
  readonly attempt: number
  /** The last attempt that the policy allows. */
  readonly maxAttempts?: number
  /** Set where the endpoint runs one at a time by it. */
  readonly key?: string
  /** How many runs of this endpoint and instance may overlap. */
  readonly concurrency?: number
}

/** That call has ended. */
export interface Ended {
  readonly kind: 'ended'
  readonly run: string
  readonly outcome: 'succeeded' | 'failed' | 'abandoned'
}

/** Core's answer for a delivery. */
export interface Settled {
  readonly kind: 'settled'
  readonly delivery: string
  readonly disposition: 'accepted' | 'released'
}

/** A copy lies in a dead-letter endpoint. `handler` is `*` where no handler ran. */
export interface DeadLettered {
  readonly kind: 'dead-lettered'
  readonly message: string
  readonly endpoint: string
  readonly handler: string
  readonly reason: string
}

/** Dropped because its declared life was over. */
export interface Expired {
  readonly kind: 'expired'
  readonly message: string
  readonly endpoint: string
}

/** The content of a message at a place of its way, as a digest of body and canonical headers. */
export interface Seen {
  readonly kind: 'seen'
  readonly message: string
  readonly place: string
  readonly digest: string
}

/** Something that the handlers do to the outside world and that is to happen once per `logical`. */
export interface Effect {
  readonly kind: 'effect'
  readonly logical: string
  readonly run?: string
}

/** A cumulative settlement: everything below `committed` counts as done. `unfinished` is the lowest position that is not. */
export interface Position {
  readonly kind: 'position'
  readonly log: string
  readonly committed: number
  readonly unfinished: number
}

export interface LockLost {
  readonly kind: 'lock-lost'
  readonly delivery: string
}

/** A call that is to settle within a bound. */
export interface PromiseStarted {
  readonly kind: 'promise-started'
  readonly promise: string
  readonly what: string
  readonly boundMs: number
}
export interface PromiseEnded {
  readonly kind: 'promise-ended'
  readonly promise: string
  readonly outcome: 'resolved' | 'rejected'
}

/** `inFlight`: deliveries that were unsettled when it began, which may come twice because of it. */
export interface FaultBegan {
  readonly kind: 'fault-began'
  readonly fault: string
  readonly what: string
  readonly evidence: string
  readonly inFlight: number
}
export interface FaultEnded {
  readonly kind: 'fault-ended'
  readonly fault: string
}

/** A request's reply has left. A fault ends a query that nobody keeps as a dead letter. */
export interface Answered {
  readonly kind: 'answered'
  readonly message: string
  readonly outcome: 'reply' | 'fault'
}

/** A handler's next attempt comes later, and not before `due`. */
export interface Deferred {
  readonly kind: 'deferred'
  readonly message: string
  readonly endpoint: string
  readonly handler: string
  readonly due: number
}

/** Said by a scenario that fills all slots: from here on nothing but the slots holds this endpoint's work back. */
export interface Saturated {
  readonly kind: 'saturated'
  readonly endpoint: string
  readonly instance: string
}

/** Accepted without a handler, and rightly so: a left-over subscription's message, or one that a filter or a middleware ends. */
export interface Ignored {
  readonly kind: 'ignored'
  readonly message: string
  readonly endpoint: string
}

/** How many deliveries an instance has that are neither answered nor lost, and how many it has asked for. */
export interface Held {
  readonly kind: 'held'
  readonly endpoint: string
  readonly instance: string
  readonly unsettled: number
  readonly prefetch: number
}
