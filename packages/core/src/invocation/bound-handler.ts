import type { Settlement } from '../context/index.js'
import type { ResolvedPolicy } from '../recovery/index.js'

/** A handler as an endpoint runs it, in contexts of one kind. */
export interface BoundHandlerIn<Context> {
  /** Stable: rows and dead letters are keyed by it. */
  readonly id: string
  readonly formerIds: readonly string[]
  /** For people: `PlaceOrderHandler`, `Billing.invoice`. */
  readonly name: string
  /** Infinity: no deadline. */
  readonly timeoutMs: number
  readonly policy: ResolvedPolicy
  /** The user's code. */
  readonly run: (context: Context) => unknown
  /** The per-handler pipeline, composed at start. */
  readonly invoke: (context: Context) => Promise<Settlement>
}
