import type { Settlement, Step } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { integer, milliseconds, optional, type Duration } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { keyOf, type Keyed } from './limit-key.js'
import { perOwner } from './per-owner.js'
import { RateLimiter } from './rate-limiter.js'
import { callback, someTime } from './step-checks.js'

/** How many starts in which time, and for what each. */
export interface RateLimitOptions extends Keyed {
  /** So many starts … */
  readonly permits: number
  /** … in this time. */
  readonly per: Duration
  /** How many may start at once after a quiet time. 1 spaces all starts evenly, for a callee that counts over every span of `per`. @default permits */
  readonly burst?: number
  /** How many keys are told apart; those beyond share one limit. @default 10000 */
  readonly mostKeys?: number
}

const defaultMostKeys = 10_000

/**
 * Starts handlers no faster than `permits` per `per`, over all handlers and endpoints of a bus that use the value, or for
 * each key: a token bucket by the bus's clock, so at most `permits + burst` in any span of `per`. What waits takes no
 * place of the endpoint's concurrency, starts in the order of its arrival here, keeps its key on an ordered endpoint, and
 * no attempt of it is counted. What waits so long that it may be held no longer comes back as a copy; where none can be
 * made it waits as long as its lock lasts. Each process counts for itself.
 */
export function rateLimit(options: RateLimitOptions): HandlerStep {
  checkStepOptions('rateLimit', options, {
    permits: integer(1, 1_000_000),
    per: someTime,
    burst: optional(integer(1, 1_000_000)),
    key: optional(callback('the message and its context')),
    mostKeys: optional(integer(1, 1_000_000)),
  })
  const rate = { permits: options.permits, perMs: milliseconds(options.per, '1s'), burst: options.burst ?? options.permits }
  const limiterOf = perOwner(({ clock }: BusScope) => new RateLimiter(clock, { rate, mostKeys: options.mostKeys ?? defaultMostKeys }))
  return new HandlerStep('rate-limit', (init) => rateLimitIn(init, options, limiterOf(init.scope)))
}

const rateLimitIn = (init: HandlerInit, keyed: Keyed, limiter: RateLimiter): Step<HandlerContext, Settlement> => {
  const rateLimitStep: Step<HandlerContext, Settlement> = async (context, next) => {
    const wait = limiter.start(keyOf('rate-limit', keyed, context), init, context)
    const settlement = wait === undefined ? undefined : await wait
    return settlement ?? next(context)
  }
  return rateLimitStep
}
