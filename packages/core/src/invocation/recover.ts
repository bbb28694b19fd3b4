import { runWith, type Settlement, type Step } from '../context/index.js'
import { asError, errorFacts } from '../errors/index.js'
import { decide } from '../recovery/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { HandlerContext } from './handler-context.js'
import { deferred, rejected, released } from './settlement.js'

/** The handler's catch. Retries at once in place; says `deferred` or `rejected` for what comes later. When the lock is lost or the bus stops it decides nothing: the delivery goes back. */
export const recover = (scope: BusScope): Step<HandlerContext, Settlement> =>
  async function recoverStep(first, next) {
    let context = first
    for (;;) {
      try {
        const settlement = await runWith(context, next)
        first.failure = context.failure
        first.failures = context.attempt - 1
        return settlement
      } catch (thrown) {
        context.held.close()
        if (scope.stopping || context.received.delivery.lost.aborted) return released
        const error = asError(thrown, context.bound.id)
        first.failure = error
        first.failures = context.attempt
        const decision = decide({ error, attempt: context.attempt, request: context.received.envelope.replyTo !== undefined }, context.bound.policy)
        if (decision.action === 'dead-letter') {
          const crash = scope.failpoint('after-recover')
          if (crash !== undefined) await crash
          return rejected(decision.reason)
        }
        const delayMs = decision.action === 'retry-after' ? decision.delayMs : 0
        tell(scope, context, { delayMs, error })
        if (decision.action === 'retry-after') {
          const crash = scope.failpoint('after-recover')
          if (crash !== undefined) await crash
          return deferred(delayMs)
        }
        context = context.again()
      }
    }
  }

function tell(scope: BusScope, context: HandlerContext, { delayMs, error }: { readonly delayMs: number; readonly error: Error }): void {
  const { endpoint, envelope } = context.received
  scope.logger.warn(
    {
      messageId: envelope.id,
      type: envelope.type,
      endpoint,
      handler: context.handler,
      attempt: context.attempt,
      correlationId: envelope.correlationId,
      delayMs,
      error: errorFacts(error).message,
    },
    `${endpoint}/${context.handler} failed, again ${delayMs === 0 ? 'at once' : `after ${delayMs} ms`}`,
  )
  if (instrumentation.retry.hasSubscribers) {
    announce('retry', { bus: scope.bus, instanceId: scope.instanceId, endpoint, handler: context.handler, envelope, attempt: context.attempt, delayMs, error })
  }
}
