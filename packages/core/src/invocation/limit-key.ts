import type { MessageContext } from '../context/index.js'
import { MiddlewareError, quote } from '../errors/index.js'
import type { AnyMessage } from '../messages/index.js'
import type { HandlerContext } from './handler-context.js'

/** What a limit holds for, each value of it for itself. */
export interface Keyed {
  /** Whose limit it is: a customer, a tenant. What it throws is the handler's failure. @default one limit for all messages */
  key?(message: AnyMessage, context: MessageContext): string
}

/** Of all messages, where a limit has no key. */
const common = ''

export function keyOf(step: string, { key }: Keyed, context: HandlerContext): string {
  if (key === undefined) return common
  const value: unknown = key(context.message, context)
  if (typeof value === 'string') return value
  throw new MiddlewareError(step, `got ${quote(value)} from its key for ${context.type} before ${context.handler}`, 'Return a text')
}
