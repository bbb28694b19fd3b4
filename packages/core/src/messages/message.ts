/** What a message is to its receiver: commands, queries and documents have one handler, events any number. */
export type MessageKind = 'command' | 'query' | 'event' | 'document'

declare const kind: unique symbol
declare const type: unique symbol
declare const reply: unique symbol
declare const returns: unique symbol

/**
 * What makes a message nominal. Nobody can write these names: completions show the data alone, and, being accessors of a
 * class, a spread copy or a literal lacks them, so neither passes for a message. Types only, nothing exists at run time.
 */
export declare abstract class Message<Kind extends MessageKind, Type extends string, Reply, ReplyInput> {
  get [kind](): Kind
  get [type](): Type
  get [reply](): Reply
  get [returns](): ReplyInput
}

/** An instance of any message class. */
export interface AnyMessage extends Message<MessageKind, string, unknown, unknown> {}

/** What `send` takes: a command, or a document, which is sent and handled like one. */
export interface Sendable extends Message<'command' | 'document', string, unknown, unknown> {}

/** An instance of any query. */
export interface AnyQuery extends Message<'query', string, unknown, unknown> {}
/** An instance of any event: what `publish` takes. */
export interface AnyEvent extends Message<'event', string, void, void> {}

/** A command or query that declares a reply: what `request` and `gather` take. */
export interface Answerable extends Message<'command' | 'query', string, {} | null, unknown> {}

/** What `request` gives back. An indexed access, so it costs nothing and stays open in generic code. */
export type ReplyOf<M extends AnyMessage> = M[typeof reply]
/** What the handler returns: the input of the reply's schema. */
export type ReturnOf<M extends AnyMessage> = M[typeof returns]
