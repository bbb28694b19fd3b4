import type { AnyEventClass, Event, MessageOf } from '../messages/index.js'
import { callSite } from './call-site.js'
import { decorate } from './decorate.js'
import type { HandlerDecorator, InferredDecorator } from './decorator-types.js'
import type { HandlerOptions } from './handler.js'

/**
 * Handles one or several events: on a class with `handle(event, context)`, or on a method. An event has any number of
 * handlers. Without an argument, on legacy methods: the event is the first parameter, where reflect-metadata knows it.
 *
 * Throws `HandlerDeclarationError` when the class is defined.
 */
export function EventHandler(): InferredDecorator<Event>
export function EventHandler<const T extends AnyEventClass>(type: T | readonly T[], options?: HandlerOptions): HandlerDecorator<MessageOf<T>, void>
export function EventHandler(...given: readonly unknown[]): unknown {
  return decorate('EventHandler', given, callSite(EventHandler))
}
