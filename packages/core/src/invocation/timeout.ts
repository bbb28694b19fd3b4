import type { Settlement, Step } from '../context/index.js'
import { parseDuration, type Duration } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep } from './handler-step.js'
import type { Running } from './running.js'
import { someTime } from './step-checks.js'

/** How long `timeout` waits. */
export interface TimeoutOptions {
  /** How long what stands inside of the step, the handler with it, may take. */
  readonly after: Duration
}

/**
 * Tightens the deadline of a run: `context.signal` aborts when it is over, and the attempt has failed with a
 * `HandlerTimeoutError`, whatever the handler gives back later. Neither its retry nor the next message of its key starts
 * before the run has ended or its lock is lost. The nearest deadline holds, this one or the handler's own.
 */
export function timeout(options: TimeoutOptions): HandlerStep {
  checkStepOptions('timeout', options, { after: someTime })
  const afterMs = parseDuration(options.after) ?? 0
  return new HandlerStep('timeout', ({ running }) => timeoutIn(running, afterMs))
}

const timeoutIn = (running: Running, afterMs: number): Step<HandlerContext, Settlement> => {
  const timeoutStep: Step<HandlerContext, Settlement> = async (context, next) => {
    running.enter(context, afterMs)
    try {
      const settlement = await next(context)
      if (context.timedOut === undefined) return settlement
    } catch (error) {
      // An abort error that the deadline caused is the deadline's.
      if (context.timedOut === undefined) throw error
    } finally {
      running.leave(context)
    }
    throw context.timedOut
  }
  return timeoutStep
}
