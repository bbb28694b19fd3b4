import type { Duration } from '../wire/index.js'

/** Short for a policy of one rule, `when(Error)`. */
export interface RetryOptions {
  /** Again at once, with the lock held. @default 2 */
  readonly immediate?: number
  /** Then again after each of these, as a copy. @default ['10s', '1m', '10m']; none on an ordered endpoint */
  readonly delayed?: readonly Duration[]
  /** `delayed`: also a message with `replyTo` is retried later; its caller waits or has given up. @default 'immediate' */
  readonly requests?: 'immediate' | 'delayed'
}

/** What is done about the errors that it matches. */
export interface RecoveryRule {
  /** For people: `GatewayTimeout`. */
  readonly name: string
  /** How near its class is to the error's; `undefined`: no match. The nearest rule wins, then the first. */
  match(error: Error): number | undefined
  readonly immediate: number
  readonly delayedMs: readonly number[]
  readonly requests: 'immediate' | 'delayed'
}

/** Rules, declared on a handler, an endpoint or the bus. */
export interface RecoveryPolicy {
  readonly rules: readonly RecoveryRule[]
}
