/** Where one message goes. Core's routing decides it, so no transport can make `send` and `publish` differ. */
export type Destination =
  | { readonly kind: 'endpoint'; readonly name: string; readonly ordered: boolean }
  | { readonly kind: 'topic'; readonly name: string; readonly ordered: boolean }
  | { readonly kind: 'address'; readonly address: string }

/** Where events are published. Order by key holds within one topic. */
export interface Topic {
  readonly name: string
  readonly ordered: boolean
}

/** A queue of a service, with one own address that `{ kind: 'endpoint' }` reaches and nothing else does. */
export interface Endpoint {
  readonly name: string
  /** The topics that it is subscribed to. */
  readonly topics: readonly Topic[]
  /** `durable` outlives its consumers and starts at the earliest message; otherwise it belongs to one instance, starts at the latest, and disappears `idleMs` after its last consumer. */
  readonly life: 'durable' | { readonly idleMs: number }
  readonly ordered: false | { readonly shards: number }
}

/** Everything that has to exist before the bus starts. A transport derives its own dead-letter, delay and reply entities from it. */
export interface Topology {
  readonly endpoints: readonly Endpoint[]
  /** Published as well as subscribed ones: a process that only publishes starts first and must find its topics. */
  readonly topics: readonly Topic[]
}

/** One difference between what is declared and what the broker has. */
export interface Change {
  readonly entity: string
  readonly kind: 'missing' | 'different' | 'left-over'
  readonly detail: string
}
