import type { HeldMessages } from './held-messages.js'

/** The message that is being handled where another one is sent. */
export interface Cause {
  readonly id: string
  readonly source: string
  readonly endpoint: string
  readonly handler: string
  readonly correlationId: string | undefined
  /** The system header `awaited-by` of the message. */
  readonly awaitedBy: string | undefined
  /** Of the bus whose handler runs. */
  readonly instanceId: string
  /** The time in the ids of what it causes. */
  readonly causeMs: number
  readonly held: HeldMessages
  /** Its code still runs and nobody waits for it: the lock is lost, or the bus has stopped. The redelivery sends all of it again. */
  readonly isAbandoned: boolean
}
