import type { AnyEvent, AnyMessage, AnyQuery, Message, MessageKind, Sendable } from './message.js'
import type { Schema } from './schema.js'

/** The output of the schema, readonly; nothing for `z.object({})`, whose type is Record<string, never>. */
type Fields<Output> = string extends keyof Output ? (Output[keyof Output] extends never ? {} : Readonly<Output>) : Readonly<Output>
type Arguments<Input> = {} extends Input ? [data?: Input] : [data: Input]

/**
 * What `Command(…)`, `Query(…)` and `Event(…)` return. Its parameters are resolved types, not the schema: a .d.ts needs no
 * schema library, and a consumer checks it four times faster.
 */
export interface MessageClass<Kind extends MessageKind, Type extends string, Input, Output, ReplyInput, Reply> {
  /** Validates the data and copies it. Throws `InvalidMessageError` with every issue. */
  new (...data: Arguments<Input>): Fields<Output> & Message<Kind, Type, Reply, ReplyInput>
  readonly kind: Kind
  readonly type: Type
  readonly version: number
  readonly schema: Schema
  readonly reply: Schema | undefined
  /** Validates data of unknown origin, such as a request body. Throws `InvalidMessageError`. No constructor of a subclass runs. */
  parse<M>(this: new (data: never) => M, data: unknown): M
}

/** What a document carries: bytes whose meaning the receiver decides. */
export interface DocumentBody {
  readonly body: Uint8Array
  /** The body, read as UTF-8. */
  text(): string
}

/** What `Document(…)` returns. */
export interface DocumentClass<Type extends string> {
  /** Copies the bytes; text is written as UTF-8. */
  new (body: Uint8Array | string): DocumentBody & Message<'document', Type, void, void>
  readonly kind: 'document'
  readonly type: Type
  readonly version: number
  readonly contentType: string
}

type Constructor<M> = abstract new (...args: never[]) => M
// Interfaces with `kind` as a property: the compiler compares properties first, so a wrong kind is the error.
/** A command, or a document, which is handled like one. */
export interface AnyCommandClass extends Constructor<Sendable> {
  readonly kind: 'command' | 'document'
}
/** The class of a query: what `@QueryHandler` takes. */
export interface AnyQueryClass extends Constructor<AnyQuery> {
  readonly kind: 'query'
}
/** The class of an event: what `@EventHandler` and `on` take. */
export interface AnyEventClass extends Constructor<AnyEvent> {
  readonly kind: 'event'
}
/** What has exactly one handler. */
export interface AnyHandledClass extends Constructor<Sendable | AnyQuery> {
  readonly kind: 'command' | 'query' | 'document'
}
/** The class of any message: what `sends` lists. */
export interface AnyMessageClass extends Constructor<AnyMessage> {
  readonly kind: MessageKind
}
/** The instance of a message class. */
export type MessageOf<C extends AnyMessageClass> = C extends Constructor<infer M extends AnyMessage> ? M : never
