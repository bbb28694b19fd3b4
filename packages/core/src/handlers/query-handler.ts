import type { AnyQuery, AnyQueryClass, MessageOf, ReturnOf } from '../messages/index.js'
import { callSite } from './call-site.js'
import { decorate } from './decorate.js'
import type { HandlerDecorator, InferredDecorator } from './decorator-types.js'
import type { HandlerOptions } from './handler.js'

/**
 * Answers a query: on a class with `handle(query, context)`, or on a method. An endpoint has one handler for each. Without
 * an argument, on legacy methods: the query is the first parameter, where reflect-metadata knows it.
 *
 * Throws `HandlerDeclarationError` when the class is defined.
 */
export function QueryHandler(): InferredDecorator<AnyQuery>
export function QueryHandler<T extends AnyQueryClass>(type: T, options?: HandlerOptions): HandlerDecorator<MessageOf<T>, ReturnOf<MessageOf<T>>>
export function QueryHandler(...given: readonly unknown[]): unknown {
  return decorate('QueryHandler', given, callSite(QueryHandler))
}
