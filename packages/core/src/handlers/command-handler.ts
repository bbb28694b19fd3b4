import type { AnyCommandClass, MessageOf, ReturnOf, Sendable } from '../messages/index.js'
import { callSite } from './call-site.js'
import { decorate } from './decorate.js'
import type { HandlerDecorator, InferredDecorator } from './decorator-types.js'
import type { HandlerOptions } from './handler.js'

/**
 * Handles a command or a document: on a class with `handle(message, context)`, or on a method. An endpoint has one handler
 * for each. Without an argument, on legacy methods: the message is the first parameter, where reflect-metadata knows it.
 *
 * Throws `HandlerDeclarationError` when the class is defined.
 */
export function CommandHandler(): InferredDecorator<Sendable>
export function CommandHandler<T extends AnyCommandClass>(type: T, options?: HandlerOptions): HandlerDecorator<MessageOf<T>, ReturnOf<MessageOf<T>>>
export function CommandHandler(...given: readonly unknown[]): unknown {
  return decorate('CommandHandler', given, callSite(CommandHandler))
}
