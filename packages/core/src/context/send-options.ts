import type { Duration } from '../wire/index.js'

/** What a call may say about its message. */
export interface SendOptions {
  /** Known before sending, for a caller who will ask for the result. @default a UUIDv7; inside a handler one that is derived from the cause */
  readonly id?: string
  /** Not delivered earlier. */
  readonly delay?: Duration
  /** Kept in the schedule store until it is due, so that `bus.cancel(id)` can take it back. Needs a `delay`, and `stores: { schedule }`. @default false */
  readonly cancelable?: boolean
  /** The ordering key. @default the declaration's */
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Not handled later: dead-lettered as `expired` instead. */
  readonly expiresIn?: Duration
  /** Gives up waiting. What has already left may still arrive: the error says so. */
  readonly signal?: AbortSignal
  /** `immediately`: leaves at once also inside a handler, whether or not that succeeds. @default 'with-handler' */
  readonly dispatch?: 'with-handler' | 'immediately'
}

/** What a request may say: it leaves at once, and expires with its timeout. */
export interface RequestOptions extends Omit<SendOptions, 'cancelable' | 'delay' | 'dispatch' | 'expiresIn'> {
  /** How long to wait for the reply; nobody handles the request later. @default '30s' */
  readonly timeout?: Duration
}
