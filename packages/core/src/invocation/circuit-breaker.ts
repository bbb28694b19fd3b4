import type { Settlement, Step } from '../context/index.js'
import { asError } from '../errors/index.js'
import { integer, milliseconds, optional, type Duration } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import { Circuit } from './circuit.js'
import { errorTests, matcherOf, type ErrorTests } from './error-tests.js'
import type { Passage } from './failure-gate.js'
import { isSettlement } from './gatekeeper.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { perOwner } from './per-owner.js'
import { someTime } from './step-checks.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { leaveUncounted } from './uncounted.js'

/** Which errors mean an outage, how many open the breaker, and how often one message is tried. */
export interface CircuitBreakerOptions {
  /** The errors that say that the dependency is down: classes, or functions of the error. */
  readonly when: ErrorTests
  /** After so many of them in a row it opens; and a message that fails so often although others succeed in between fails like any other. @default 5 */
  readonly failures?: number
  /** While it is open, the time from the end of one run to the start of the next. @default '5s' */
  readonly probe?: Duration
}

const defaults = { failures: 5, probe: '5s' } as const

/**
 * Lets nothing fail because a dependency is down. A failure that `when` names counts no attempt: its delivery is kept and
 * its handler runs again. After `failures` of them in a row the breaker opens: the endpoints that use the value take
 * nothing new, what is here waits, and one run is started per `probe`, each time of another message, until one succeeds.
 * A message that goes on to fail so although others succeed in between fails like any other in the end. What may be held no longer comes back as
 * a copy; where none can be made (order, no delay) it waits as long as its lock lasts, and one message in each hold of at
 * most 5 minutes is given up, so that a message which fails for a reason of its own does not stand for ever. One value is
 * one dependency: all handlers and endpoints of a bus that use it share it.
 */
export function circuitBreaker(options: CircuitBreakerOptions): HandlerStep {
  checkStepOptions('circuitBreaker', options, { when: errorTests, failures: optional(integer(1, 10_000)), probe: optional(someTime) })
  const matches = matcherOf(options.when)
  const init = { failures: options.failures ?? defaults.failures, probeMs: milliseconds(options.probe, defaults.probe) }
  const circuitOf = perOwner((scope: BusScope) => new Circuit(scope, init))
  return new HandlerStep('circuit-breaker', (at) => breakerIn(at, circuitOf(at.scope), matches))
}

const breakerIn = (init: HandlerInit, circuit: Circuit, matches: (error: Error) => boolean): Step<HandlerContext, Settlement> => {
  circuit.intakeOf(init.endpoint)
  const breakerStep: Step<HandlerContext, Settlement> = async (context, next) => {
    let passage = circuit.pass(context)
    if (passage === undefined) {
      const entered = await circuit.enter(init, context)
      if (isSettlement(entered)) return entered
      passage = entered
    }
    const run = circuit.begin()
    try {
      const settlement = await next(context)
      // What a step inside has answered says nothing about the dependency.
      if (settlement.outcome === 'accepted' && context.called) circuit.succeeded(passage, run)
      else circuit.ended(passage)
      return settlement
    } catch (thrown) {
      const settlement = afterFailure(context, thrown, passage)
      if (settlement === undefined) throw thrown
      return settlement
    }
  }
  return breakerStep

  function afterFailure(context: HandlerContext, thrown: unknown, passage: Passage): Settlement | undefined {
    const { lost } = context.received.delivery
    const error = asError(thrown, context.bound.id)
    if (init.scope.stopping || lost.aborted || !matches(error)) {
      circuit.ended(passage)
      return undefined
    }
    const outcome = circuit.failed(init, context, { passage, error })
    if (outcome === 'counts') return undefined
    if (outcome === 'again') {
      leaveUncounted(context)
      return undefined
    }
    context.failure = error
    return outcome
  }
}
