import type { Envelope, Original } from './envelope.js'

/** One message, handed to core. */
export interface Delivery {
  /** `undefined`: it cannot be mapped. Mapping never throws: messages that Waybill did not write are normal. */
  readonly envelope: Envelope | undefined
  readonly original: Original
  /** Stable over redeliveries; `undefined`: this broker gives no identity. */
  readonly nativeId: string | undefined
  /** How it reached the endpoint: by its own address, or through a topic. */
  readonly via: 'address' | 'topic'
  /** From 1; what raises it is `Capabilities.deliveryCount`. `undefined` where the broker does not count. */
  readonly deliveryCount: number | undefined
  /** Aborts when the lock is lost: somebody else may have the message now. One signal may serve many deliveries (a channel, a partition). */
  readonly lost: AbortSignal
}

/**
 * Core's answer, returned and so given exactly once. `accepted`: done, remove it. `released`: give it back now, in its
 * old place; core says so only when it is stopping or the lock is lost. Everything else core keeps and holds.
 */
export type Disposition = 'accepted' | 'released'

/** Never rejects: core catches. May take as long as the lock lasts. Called concurrently, at most `prefetch` unsettled at a time. */
export type OnDelivery = (delivery: Delivery) => Promise<Disposition>

/** What `subscribe` gives back: it receives until it is stopped, over lost connections. */
export interface Subscription {
  /** Opaque, minted by the transport: what `replyTo` carries. */
  readonly address: string
  /** Changes the prefetch. 0 pauses: nothing new; what is held stays held and renewed. Never lets another consumer pass what is held. */
  limit(prefetch: number): Promise<void>
  /** Nothing new; what is unsettled when the signal aborts goes back, in order. Resolves when every settlement has reached the broker. Idempotent. */
  stop(signal: AbortSignal): Promise<void>
}

/** How a subscription reads. At most `prefetch` deliveries are unsettled at a time. */
export interface SubscribeOptions {
  readonly prefetch: number
  readonly replay?: Replay
}

/** A temporary subscription that reads again what the endpoint has read; the live position stays untouched. */
export interface Replay {
  readonly as: string
  readonly from: Position
  readonly to?: Position
}

/** Where a replay starts or ends: the earliest message kept, epoch milliseconds, or an offset of the broker's own. */
export type Position = 'earliest' | { readonly time: number } | { readonly offset: string }
