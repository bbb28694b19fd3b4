import type { Settlement } from '../context/index.js'
import type { HandlerContext } from './handler-context.js'

/** The attempt that ended a handler: the one after the failures only where it did not fail. */
export function endedAt(context: HandlerContext, outcome: Settlement['outcome'] | 'failed'): number {
  if (outcome === 'failed') return context.attempt
  return outcome === 'accepted' ? context.failures + 1 : Math.max(1, context.failures)
}
