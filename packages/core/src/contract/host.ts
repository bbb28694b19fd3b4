import type { Clock } from './clock.js'
import type { InboxStore } from './inbox-store.js'
import type { ScheduleStore } from './schedule-store.js'

/** What core gives to a transport at connect: so a transport imports nothing but types. */
export interface TransportHost {
  /** Unique per start of a bus. */
  readonly instanceId: string
  readonly clock: Clock
  readonly stores: Stores
  /** Keeps a piece of work open: reconnects with back-off and jitter, watches for stalls, warns once per outage. */
  supervise(work: SupervisedWork): Supervisor
  report(event: TransportEvent): void
}

/** A connection, a channel, a consumer: something that opens, can be lost, and is opened again. */
export interface SupervisedWork {
  readonly name: string
  /** Without `progress()` for this long the work is closed and opened again. An idle poll is progress. */
  readonly stallMs?: number
  /** Resolves to the function that closes it. Call `lost` when it dies by itself. A cause with `retryable: false` ends the attempts. */
  open(lost: (cause: unknown) => void): Promise<() => Promise<void>>
}

/** What keeps a piece of work open. */
export interface Supervisor {
  /** The first successful open; rejects only for a cause with `retryable: false`, or when stopped first. */
  readonly ready: Promise<void>
  progress(): void
  /** Ends the attempts and closes what is open. Idempotent. */
  stop(): Promise<void>
}

/** What a transport tells core. None of it is an error of a call. */
export type TransportEvent = { readonly kind: 'late-settlement' | 'dropped-reply' } | { readonly kind: 'outage' | 'defect'; readonly cause: unknown }

/** What a cause of a failure may carry. Core knows it by its shape and wraps it; broker errors stay broker errors. */
export interface TransportFault {
  /** `WAYBILL_…`, listed in the transport's documentation. */
  readonly code: string
  readonly retryable: boolean
  /** What to do, one sentence. */
  readonly advice?: string
}

/** Optional members only; each store's interface arrives with its feature. */
export interface Stores {
  /** Which handler has done which message. */
  readonly inbox?: InboxStore
  /** Messages that wait longer than the broker can, or that may be cancelled. */
  readonly schedule?: ScheduleStore
}
