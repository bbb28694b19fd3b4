export { Command } from './command.js'
export { Document } from './document.js'
export { Event } from './event.js'
export { contractOf, contractOfClass, type MessageContract } from './message-contract.js'
export type {
  AnyCommandClass,
  AnyEventClass,
  AnyHandledClass,
  AnyMessageClass,
  AnyQueryClass,
  DocumentBody,
  DocumentClass,
  MessageClass,
  MessageOf,
} from './message-class.js'
export type { CommandOptions, DocumentOptions, EventOptions, MessageOptions, QueryOptions, Upcaster } from './message-options.js'
export type { AnyEvent, AnyMessage, AnyQuery, Answerable, Message, MessageKind, ReplyOf, ReturnOf, Sendable } from './message.js'
export type { Declared } from './declared.js'
export type { Mistake } from './mistake.js'
export { Query } from './query.js'
export type { InputOf, NoReply, OutputOf, Schema } from './schema.js'
