import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { HandlerContext } from './handler-context.js'
import type { HandlerInit } from './handler-step.js'

/** Waits, and gives the place to others meanwhile. It has one again when this settles. */
export async function rest<T>({ scope, endpoint }: HandlerInit, context: HandlerContext, wait: Promise<T>): Promise<T> {
  if (!instrumentation.wait.hasSubscribers) return endpoint.lanes.rest(wait)
  const { bus, instanceId } = scope
  const { handler, attempt, received } = context
  const waiter = { bus, instanceId, endpoint: endpoint.name, handler, envelope: received.envelope, attempt }
  announce('wait', { ...waiter, state: 'begins' })
  try {
    return await endpoint.lanes.rest(wait)
  } finally {
    announce('wait', { ...waiter, state: 'ends' })
  }
}
