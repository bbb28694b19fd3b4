import type { MessageContext, Middleware } from '../context/index.js'
import type { RecoveryPolicy, RetryOptions } from '../recovery/policy.js'
import type { Duration } from '../wire/index.js'

/** What handles a message: a function, or the method of a class. */
export type Handler<M, Reply = void> = (message: M, context: MessageContext) => Reply | Promise<Reply>

/** What a decorator, `on` and `handle` may say about their handler; it holds before what the endpoint and the bus say. */
export interface HandlerOptions {
  /** Stable: rows and dead letters are keyed by it. @default the message type; for an event `Class` or `Class.method` */
  readonly id?: string
  /** The ids that it had: what is addressed to them comes here. */
  readonly formerIds?: readonly string[]
  /** What happens when it throws. @default the endpoint's, then the bus's */
  readonly retry?: RetryOptions | RecoveryPolicy
  /** Its signal aborts then, and the attempt has failed. @default the endpoint's `handlerTimeout` */
  readonly timeout?: Duration
  /** How many of it run at once in this process. @default no limit below the endpoint's */
  readonly concurrency?: number
  /** Middleware around this handler alone, inside that of the endpoint. */
  readonly use?: readonly Middleware[]
}
