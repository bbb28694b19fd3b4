import type { Settlement, Step } from '../context/index.js'
import type { Logger } from '../logging/logger.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { oneOf, optional } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import { endedAt } from './ended-at.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep } from './handler-step.js'

/** How loud `logging` is. */
export interface LoggingOptions {
  /** @default 'debug' */
  readonly level?: keyof Logger
}

/** Writes one line to the logger of the bus for each message that a handler has ended with: message id, type, endpoint, handler, attempt, duration and outcome. Inside of `recover` it writes one for each attempt. */
export function logging(options: LoggingOptions = {}): HandlerStep {
  checkStepOptions('logging', options, { level: optional(oneOf('trace', 'debug', 'info', 'warn', 'error')) })
  return new HandlerStep('logging', ({ scope }) => loggingIn(scope, options.level ?? 'debug'))
}

const loggingIn = (scope: BusScope, level: keyof Logger): Step<HandlerContext, Settlement> => {
  const loggingStep: Step<HandlerContext, Settlement> = async (context, next) => {
    const startedAt = scope.clock.now()
    try {
      const settlement = await next(context)
      write(context, settlement.outcome, startedAt)
      return settlement
    } catch (error) {
      write(context, 'failed', startedAt)
      throw error
    }
  }
  return loggingStep

  function write(context: HandlerContext, outcome: Settlement['outcome'] | 'failed', startedAt: number): void {
    const { id, type, endpoint, handler, correlationId } = context
    const durationMs = scope.clock.now() - startedAt
    scope.logger[level](
      { messageId: id, type, endpoint, handler, attempt: endedAt(context, outcome), correlationId, durationMs, outcome },
      `${endpoint}/${handler} ${outcome} ${type} after ${durationMs} ms`,
    )
  }
}
