import { parseDuration, type Duration } from '../wire/index.js'

/** Short for `when(Error)`. */
export interface RetryOptions {
  /** Again at once, with the lock held. @default 2 */
  readonly immediate?: number
  /** Then again after each of these, as a copy. @default ['10s', '1m', '10m'] */
  readonly delayed?: readonly Duration[]
  /** What a message with `replyTo` gets: its caller waits. @default 'immediate' */
  readonly requests?: 'immediate' | 'delayed'
}

// oxlint-disable-next-line typescript/no-explicit-any -- variance: constructors of any parameters
type ErrorClass = abstract new (...args: any[]) => unknown
type ErrorTest = ErrorClass | ((error: Error) => boolean)

/** What is done about the errors that it matches. */
export interface RecoveryRule {
  /** For people: `GatewayTimeout`. */
  readonly name: string
  /** How near its class is to the error: the most specific rule wins, then the first. `undefined`: no match. */
  match(error: Error): number | undefined
  readonly immediate: number
  readonly delayedMs: readonly number[]
  readonly requests: 'immediate' | 'delayed'
}

/** Rules, declared on a handler, an endpoint or the bus. */
export interface RecoveryPolicy {
  readonly rules: readonly RecoveryRule[]
}
