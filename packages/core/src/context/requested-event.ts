import type { AnyEventClass } from '../messages/index.js'
import type { Duration } from '../wire/index.js'
import type { SendOptions } from './send-options.js'

/** Which events answer a command, and how long to wait for one. The command itself is sent as `send` does it. */
export interface RequestEventOptions<Success extends AnyEventClass, Failure extends AnyEventClass = never> extends Omit<
  SendOptions,
  'cancelable' | 'delay' | 'dispatch'
> {
  /** An event, or several: the first that the command causes is the outcome. */
  readonly success: Success | readonly Success[]
  readonly failure?: Failure | readonly Failure[]
  /** How long to wait for the event. The command stays valid: `expiresIn` is its own. @default '30s' */
  readonly timeout?: Duration
}

/** The event that answered. Without a declared failure there is none. */
export type EventOutcome<Success, Failure = never> =
  | { readonly outcome: 'success'; readonly event: Success }
  | ([Failure] extends [never] ? never : { readonly outcome: 'failure'; readonly event: Failure })
