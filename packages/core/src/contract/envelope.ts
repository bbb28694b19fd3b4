/** What a message is to its receiver. A `document` is a body whose meaning the receiver decides. */
export type EnvelopeKind = 'command' | 'query' | 'event' | 'reply' | 'document'

/**
 * The wire form of a message: what transports carry and stores keep. Names follow CloudEvents 1.0 and Enterprise
 * Integration Patterns. Header maps have a null prototype. Nobody changes an envelope: copies are made.
 */
export interface Envelope {
  /** UUIDv7, made by the sender. Never changed by retry, redelivery, outbox or redrive. Unique per `source` only. */
  readonly id: string
  readonly type: string
  /** The version of the schema that wrote the body, from 1. */
  readonly version: number
  /** The name of the bus that sent it, and nothing else: a re-run on another instance says the same. */
  readonly source: string
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string
  readonly contentType: string
  readonly kind: EnvelopeKind
  /** Names the business conversation; inherited by everything that is sent while this message is handled. */
  readonly correlationId?: string
  /** The id of the message that caused this one. A reply is matched by it. */
  readonly causationId?: string
  /** An opaque address, minted by the transport of the requester's reply subscription. */
  readonly replyTo?: string
  /** Epoch milliseconds by the sender's clock; the receiver allows for skew. */
  readonly expiresAt?: number
  /** The ordering key. */
  readonly key?: string
  /** The user's own. Reserved names cannot be set. */
  readonly headers: Readonly<Record<string, string>>
  /** The framework's own. Unknown ones are carried on untouched. Counts only on messages that came to the endpoint's own address. */
  readonly system: Readonly<Record<string, string>>
  /** `null` is a tombstone, only where a log has them. */
  readonly body: Uint8Array | null
}

/** A delivery as its broker has it. Read on demand: mapping it may cost. */
export interface Original {
  readonly body: Uint8Array | null
  /** The transport's own JSON of everything but the body: properties, headers, broker facts. */
  readonly native: string
}
