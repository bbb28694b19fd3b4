import { runWith, type Settlement, type Step } from '../context/index.js'
import { asError, ClaimLostError, ConfigurationError, errorFacts } from '../errors/index.js'
import { checkRetry, decide, type RecoveryPolicy, type RetryOptions } from '../recovery/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import { claimLost } from './claim-lost.js'
import type { HandlerContext } from './handler-context.js'
import { checked, flushing } from './flush-outgoing.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { deferred, rejected, released } from './settlement.js'
import { isUncounted } from './uncounted.js'

/**
 * The handler's catch: retries and dead letters. Tries again at once in place, and says `deferred` or `rejected` for
 * what comes later. The handler's own policy decides first, then the endpoint's, the bus's, the one given here, and the
 * default. When the lock is lost or the bus stops it decides nothing: the delivery goes back.
 */
export function recover(retry?: RetryOptions | RecoveryPolicy): HandlerStep {
  const problems = retry === undefined ? [] : checkRetry('recover', retry)
  if (problems.length > 0) throw new ConfigurationError('the step recover cannot be made', problems)
  const step = new HandlerStep('recover', recoverIn)
  if (retry !== undefined) policies.set(step, retry)
  return step
}

/** After so many a row that is lost is a failure: two processes that block for longer than a lease would take it from each other for ever. */
const mostClaimsLost = 100

const policies = new WeakMap<HandlerStep, RetryOptions | RecoveryPolicy>()

/** The policy that `recover` was given. */
export const policyGivenTo = (step: HandlerStep): RetryOptions | RecoveryPolicy | undefined => policies.get(step)

const recoverIn = (init: HandlerInit): Step<HandlerContext, Settlement> => {
  const { scope } = init
  const ended = flushing(init)
  const recoverStep: Step<HandlerContext, Settlement> = async (first, next) => {
    let context = first
    let claimsLost = 0
    for (;;) {
      try {
        let settlement = checked(scope, context, await runWith(context, next))
        // A step outside of flush-outgoing has ended it.
        if (context.held.isOpen) settlement = await ended(context, settlement)
        first.failure = context.failure
        first.failures = context.attempt - 1
        return settlement
      } catch (caught) {
        const thrown = caught === claimLost && (claimsLost += 1) > mostClaimsLost ? new ClaimLostError(context.bound.id, claimsLost) : caught
        const settlement = afterFailure(first, context, thrown)
        if (settlement !== undefined) return settlement
        context = thrown === claimLost || isUncounted(context) ? context.afresh() : context.again()
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
    if (thrown === claimLost || isUncounted(context)) return undefined
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
