import type { Settlement, Step } from '../context/index.js'
import { asError } from '../errors/index.js'
import { integer, milliseconds, optional, type Duration } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import { errorTests, matcherOf, type ErrorTests } from './error-tests.js'
import { isSettlement } from './gatekeeper.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { Pace } from './pace.js'
import { someTime } from './step-checks.js'
import type { StepEndpoint } from './step-endpoint.js'
import { isUncounted } from './uncounted.js'

/** After how many failures an endpoint slows down, and how slow it is then. */
export interface SlowDownOptions {
  /** After so many failures in a row, over all handlers of the endpoint that use the value. @default 10 */
  readonly after?: number
  /** The time from the end of one attempt to the start of the next while it is slow. @default '1s' */
  readonly wait?: Duration
  /** The errors that are failures here: classes, or functions of the error. @default every error */
  readonly when?: ErrorTests
}

const defaults = { after: 10, wait: '1s' } as const

/**
 * Takes the speed out of an endpoint on which everything fails: after so many failures in a row it takes one delivery at
 * a time, and between two attempts lies a wait, until the first success or a minute in which nothing comes. Each failure stays an attempt of its message, so
 * an outage costs a few messages their attempts and not the whole backlog. What waits so long that it may be held no
 * longer comes back as a copy with the attempts that it has; where none can be made it waits as long as its lock lasts.
 * Each endpoint that uses the value is slowed down for itself.
 */
export function slowDown(options: SlowDownOptions = {}): HandlerStep {
  checkStepOptions('slowDown', options, { after: optional(integer(1, 10_000)), wait: optional(someTime), when: optional(errorTests) })
  const matches = options.when === undefined ? () => true : matcherOf(options.when)
  const init = { after: options.after ?? defaults.after, waitMs: milliseconds(options.wait, defaults.wait) }
  const paces = new WeakMap<StepEndpoint, Pace>()
  return new HandlerStep('slow-down', (at) => {
    const pace = paces.get(at.endpoint) ?? new Pace(at, init)
    paces.set(at.endpoint, pace)
    return slowDownIn(at, pace, matches)
  })
}

const slowDownIn = (init: HandlerInit, pace: Pace, matches: (error: Error) => boolean): Step<HandlerContext, Settlement> => {
  const slowDownStep: Step<HandlerContext, Settlement> = async (context, next) => {
    let passage = pace.pass()
    if (passage === undefined) {
      const entered = await pace.enter(init, context)
      if (isSettlement(entered)) return entered
      passage = entered
    }
    try {
      const settlement = await next(context)
      if (settlement.outcome === 'accepted' && context.called) pace.succeeded(passage)
      else pace.ended(passage)
      return settlement
    } catch (thrown) {
      const error = asError(thrown, context.bound.id)
      if (isFailure(context, error)) pace.failed(passage, error)
      else pace.ended(passage)
      throw thrown
    }
  }
  return slowDownStep

  /** Not what a breaker inside has taken on itself, nor what a stop or a lost lock has ended. */
  function isFailure(context: HandlerContext, error: Error): boolean {
    return !init.scope.stopping && !context.received.delivery.lost.aborted && !isUncounted(context) && matches(error)
  }
}
