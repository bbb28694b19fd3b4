import { runWith, type Settlement, type Step } from '../context/index.js'
import { asError, errorFacts } from '../errors/index.js'
import { decide } from '../recovery/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep } from './handler-step.js'
import { deferred, rejected, released } from './settlement.js'

/** The handler's catch. Retries at once in place; says `deferred` or `rejected` for what comes later. When the lock is lost or the bus stops it decides nothing: the delivery goes back. */
export const recover = (): HandlerStep => new HandlerStep('recover', ({ scope }) => recoverIn(scope))

const recoverIn = (scope: BusScope): Step<HandlerContext, Settlement> => {
  const recoverStep: Step<HandlerContext, Settlement> = async (first, next) => {
    let context = first
    for (;;) {
      try {
        const settlement = await runWith(context, next)
        first.failure = context.failure
        first.failures = context.attempt - 1
        return settlement
      } catch (thrown) {
        const settlement = afterFailure(first, context, thrown)
        if (settlement !== undefined) return settlement
        context = context.again()
      }
    }
  }
  return recoverStep

  // A function of its own: an await keeps all variables of its function, also on the way where nothing fails.
  /** `undefined` when the handler is to run again at once. */
  function afterFailure(first: HandlerContext, context: HandlerContext, thrown: unknown): Settlement | Promise<Settlement> | undefined {
    context.held.close()
    const { delivery, envelope } = context.received
    if (scope.stopping || delivery.lost.aborted) return released
    const error = asError(thrown, context.bound.id)
    first.failure = error
    first.failures = context.attempt
    const decision = decide({ error, attempt: context.attempt, request: envelope.replyTo !== undefined }, context.bound.policy)
    switch (decision.action) {
      case 'dead-letter':
        return scope.failpoint('after-recover') ?? rejected(decision.reason)
      case 'retry-after':
        tell(scope, context, { delayMs: decision.delayMs, error })
        return scope.failpoint('after-recover') ?? deferred(decision.delayMs)
      case 'retry-now':
        tell(scope, context, { delayMs: 0, error })
        return undefined
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
