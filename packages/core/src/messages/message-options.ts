import type { OutputOf, Schema } from './schema.js'

/** Brings data of an older version one version up. */
export type Upcaster = (data: unknown) => unknown

/** What every declaration with a schema may say. */
export interface MessageOptions<S extends Schema, Wire> {
  /** The version of the schema that writes the body. @default 1 */
  readonly version?: number
  /** The ordering key: a text field, or a function of the data. */
  // Written out: by the name of an alias the compiler would not list the fields.
  readonly key?: { [P in keyof OutputOf<S>]: OutputOf<S>[P] extends string ? P : never }[keyof OutputOf<S>] | ((data: OutputOf<S>) => string)
  /** Messages of one key are handled in the order in which they were sent. Needs a `key`. @default false */
  readonly ordered?: boolean
  /** What is written to the wire, where the schema cannot read its own output back from JSON. */
  readonly encode?: (data: OutputOf<S>) => Wire
  /** `{ 1: (data) => … }` makes version 2 of version 1, and so on, before validation. A version without one passes as it is. */
  readonly upcast?: Readonly<Record<number, Upcaster>>
}

export interface CommandOptions<S extends Schema, R extends Schema, Wire> extends MessageOptions<S, Wire> {
  /** What the handler returns and `request` resolves with. */
  readonly reply?: R
}

export interface QueryOptions<S extends Schema, R extends Schema, Wire> extends MessageOptions<S, Wire> {
  /** What the handler returns and `request` resolves with. */
  readonly reply: R
}

export interface EventOptions<S extends Schema, Wire> extends MessageOptions<S, Wire> {
  /** Where it is published. Types that must stay in order together name the same topic. @default the type */
  readonly topic?: string
}

export interface DocumentOptions {
  /** @default 'application/octet-stream' */
  readonly contentType?: string
  /** The ordering key, read from the body. */
  readonly key?: (document: { readonly body: Uint8Array; text(): string }) => string
  /** Documents of one key are handled in the order in which they were sent. Needs a `key`. @default false */
  readonly ordered?: boolean
  /** @default 1 */
  readonly version?: number
}
