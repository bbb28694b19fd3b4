import type { Settlement, Step } from '../context/index.js'
import { duration, optional, parseDuration, type Duration } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import { expire } from './expire.js'
import { lateByMs } from './expiry.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'

/** When something counts as expired for `dropExpired`. */
export interface DropExpiredOptions {
  /** How far the clocks of senders may differ from ours before something counts as expired. @default the bus's */
  readonly clockSkew?: Duration
}

/**
 * Lets no handler begin when its message has expired meanwhile: behind a limit, a breaker, or a retry. An expired
 * request is counted and gets no reply, for its caller has given up; what else expires becomes a dead letter `expired`.
 * What has expired when it arrives does not come as far as here.
 */
export function dropExpired(options: DropExpiredOptions = {}): HandlerStep {
  checkStepOptions('dropExpired', options, { clockSkew: optional(duration) })
  return new HandlerStep('drop-expired', (init) => dropExpiredIn(init, parseDuration(options.clockSkew) ?? init.endpoint.clockSkewMs))
}

const dropExpiredIn =
  ({ scope }: HandlerInit, clockSkewMs: number): Step<HandlerContext, Settlement> =>
  (context, next) => {
    const { envelope } = context.received
    const byMs = lateByMs(envelope, scope.clock.now(), clockSkewMs)
    if (byMs === 0) return next(context)
    return Promise.resolve(expire(scope, context, byMs))
  }
