import type { ContextSender, BoundHandler } from '../invocation/index.js'
import type { MessageContract } from '../messages/message-contract.js'
import type { ResolvedPolicy } from '../recovery/index.js'

/** What an endpoint does with one type. */
export interface HandledType {
  readonly contract: MessageContract
  /** In the order of their ids. */
  readonly handlers: readonly BoundHandler[]
}

/** One endpoint, resolved at start: nothing in it is optional, nothing is looked up twice. */
export interface EndpointSetup {
  readonly name: string
  readonly ordered: boolean
  readonly concurrency: number
  readonly prefetch: number
  readonly instanceId: string
  readonly sender: ContextSender
  readonly handled: ReadonlyMap<string, HandledType>
  /** Every type that this bus knows, handled here or not. */
  readonly known: ReadonlyMap<string, MessageContract>
  /** By id and by former id. */
  readonly handlersById: ReadonlyMap<string, BoundHandler>
  /** For what fails before any handler. */
  readonly policy: ResolvedPolicy
  readonly maxBodyBytes: number
  readonly clockSkewMs: number
  /** How long an unknown type or handler waits for a newer instance; empty where nothing can be delayed. */
  readonly unknownDelaysMs: readonly number[]
  /** The longest delay of the broker; 0 where it has none. */
  readonly maxDelayMs: number
  /** Whether a delivery can wait elsewhere: at the broker, or in the schedule store. */
  readonly canDelay: boolean
  /** How long the head of a key may hold it, or a delivery its place where nothing can delay. */
  readonly holdMs: number
}
