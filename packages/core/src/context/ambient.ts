import { AsyncLocalStorage } from 'node:async_hooks'
import { NoMessageContextError } from '../errors/index.js'
import type { MessageContext } from './message-context.js'

/** The context of the handler that is running, over awaits, timers and callbacks. */
const storage = new AsyncLocalStorage<MessageContext>()

/** The message that is being handled here; `undefined` outside of a handler. */
export const currentContext = (): MessageContext | undefined => storage.getStore()

/** Like `currentContext`, for code that makes no sense without a message. Throws `NoMessageContextError`. */
export function requireContext(what: string): MessageContext {
  const context = storage.getStore()
  if (context === undefined) throw new NoMessageContextError(what)
  return context
}

/** Runs `next(context)` with the context around it. */
export const runWith = <C extends MessageContext, R>(context: C, next: (context: C) => R): R => storage.run(context, next, context)
