/** A fact that differs between endpoints (own addresses, reply addresses) and topics. */
export interface PerKind<T> {
  readonly endpoint: T
  readonly topic: T
}

/** How far ahead the broker delays by itself. Longer delays go in hops. */
export interface DelayLimit {
  readonly maxMs: number
  /** A delivery comes at most this much after it is due. Never before. */
  readonly resolutionMs: number
}

/** What one native request may carry. Core never asks for more. */
export interface SizeLimits {
  /** The largest message, as `sizeOf` counts it. */
  readonly messageBytes: number
  /** Messages in one native request. */
  readonly batchCount: number
  readonly batchBytes: number
}

/**
 * What a broker has. Every field may be absent, and absent means the weakest. For what is missing core supplies the
 * feature or refuses at start, never silently less. The conformance suite measures each field: one that is declared and
 * does not hold is a failure.
 */
export interface Capabilities {
  /** Every endpoint has an address of its own, so that a copy reaches it alone. @default false */
  readonly privateAddress?: boolean
  /** `temporary`: an address per instance; `shared`: the instances of an endpoint read one and keep their own. @default 'none' */
  readonly replies?: 'temporary' | 'shared' | 'none'
  /** @default 'none' for both */
  readonly delay?: PerKind<DelayLimit | 'none'>
  /** What is kept in order, and what a second consumer of an ordered endpoint does. @default { unit: 'none', scaleOut: 'none' } */
  readonly ordering?: { readonly unit: 'none' | 'key' | 'endpoint'; readonly scaleOut: 'rebalances' | 'standby' | 'none' }
  /** `cumulative`: settling one settles all before it; `returned`: the host of the process settles, and nothing runs after it. @default 'individual' */
  readonly settlement?: 'individual' | 'cumulative' | 'returned'
  /** How long a delivery can be held, renewals included; Infinity: as long as the connection. @default 30_000 */
  readonly lockMs?: number
  /** What raises `Delivery.deliveryCount`. `all`: releases too. @default 'none' */
  readonly deliveryCount?: 'none' | 'crashes' | 'all'
  /** @default 'none' */
  readonly replay?: 'none' | 'position' | 'time'
  /** @default 64 KiB a message, one message a batch */
  readonly limits?: PerKind<SizeLimits>
  /** Whether a message for an endpoint that does not exist is refused. @default 'silent' */
  readonly unroutable?: 'detected' | 'silent'
  /** What an accepted message survives. @default 'process' */
  readonly durability?: 'process' | 'broker'
}
