import { channel } from 'node:diagnostics_channel'
import type { Delivery, Disposition, Envelope, Outgoing } from '../contract/index.js'

interface OnBus {
  readonly bus: string
  readonly instanceId: string
}
interface AtEndpoint extends OnBus {
  readonly endpoint: string
}
interface AtHandler extends AtEndpoint {
  readonly handler: string
  readonly envelope: Envelope
  readonly attempt: number
}

/** Why a message leaves: for its user, or a copy or reply that core makes. */
export type Purpose = 'message' | 'reply' | 'retry' | 'hop' | 'dead-letter'

/** What each channel carries. */
export interface InstrumentationEvents {
  /** A broker's answer for one message. */
  readonly send: OnBus & {
    readonly outgoing: Outgoing
    readonly purpose: Purpose
    readonly outcome: 'confirmed' | 'refused' | 'unknown'
    readonly cause?: unknown
  }
  /** A delivery has arrived, before anything is done with it. */
  readonly deliver: AtEndpoint & { readonly delivery: Delivery }
  /** A handler starts. */
  readonly invoke: AtHandler
  /** A handler has ended, its messages are flushed or it has failed for good. */
  readonly handled: AtHandler & {
    readonly outcome: 'accepted' | 'deferred' | 'rejected' | 'released'
    readonly durationMs: number
    /** Why it is deferred or rejected; `undefined` where a middleware said so without an error. */
    readonly error: unknown
  }
  /** A handler has failed and will run again. */
  readonly retry: AtHandler & { readonly delayMs: number; readonly error: unknown }
  /** A run waits in its place for its turn at a limit, a circuit breaker or a slow-down; or it goes on, whatever has ended the wait. */
  readonly wait: AtHandler & { readonly state: 'begins' | 'ends' }
  /** A copy is confirmed at the dead-letter endpoint. */
  readonly deadLetter: AtEndpoint & { readonly handler: string; readonly reason: string; readonly envelope: Envelope; readonly error: unknown }
  /** Core's answer for a delivery. */
  readonly settle: AtEndpoint & { readonly delivery: Delivery; readonly disposition: Disposition }
  /** Something that is no failure and must not happen unseen. */
  readonly count: OnBus & { readonly what: Counted; readonly detail: string }
}
/** What a `count` event counts. */
export type Counted =
  | 'sent-after-handler'
  | 'ignored'
  | 'expired-request'
  | 'late-reply'
  | 'dropped-reply'
  | 'late-settlement'
  | 'no-identity'
  | 'duplicate'
  | 'unguarded'
  | 'claim-lost'
  | 'short-circuited'
  | 'filtered'
  | 'foreign-send'
  | 'circuit-opened'
  | 'circuit-closed'
  | 'slowed-down'
  | 'sped-up'

/** The one seam on which recorders, metrics and tracing hang: `node:diagnostics_channel`, `waybill:<name>`. Ask `hasSubscribers` before building an event: free when nobody listens. */
export const instrumentation = {
  send: channel('waybill:send'),
  deliver: channel('waybill:deliver'),
  invoke: channel('waybill:invoke'),
  handled: channel('waybill:handled'),
  retry: channel('waybill:retry'),
  wait: channel('waybill:wait'),
  deadLetter: channel('waybill:dead-letter'),
  settle: channel('waybill:settle'),
  count: channel('waybill:count'),
} as const

/** Listens to one kind of event; returns the function that ends it. */
export function observe<Name extends keyof InstrumentationEvents>(name: Name, listener: (event: InstrumentationEvents[Name]) => void): () => void {
  const receive = (event: unknown): void => listener(event as InstrumentationEvents[Name])
  instrumentation[name].subscribe(receive)
  return () => void instrumentation[name].unsubscribe(receive)
}

/** Announces an event. The caller has asked `hasSubscribers`, so that no event is built for nobody. */
export function announce<Name extends keyof InstrumentationEvents>(name: Name, event: InstrumentationEvents[Name]): void {
  instrumentation[name].publish(event)
}
