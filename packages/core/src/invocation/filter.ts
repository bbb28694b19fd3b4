import type { MessageContext, Settlement, Step } from '../context/index.js'
import { MiddlewareError, quote } from '../errors/index.js'
import type { AnyMessage } from '../messages/index.js'
import type { Check } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep } from './handler-step.js'
import { accepted } from './settlement.js'

/** What `filter` lets pass. */
export interface FilterOptions {
  /** Whether the handler is to run. What it throws is the handler's failure. */
  readonly where: (message: AnyMessage, context: MessageContext) => boolean | Promise<boolean>
}

/**
 * Lets the handler run for some messages only. What does not pass is accepted without it and counted `filtered`; a
 * request that does not pass gets a fault. A predicate that throws, or gives back neither `true` nor `false`, has failed
 * as the handler would have, and the message stays.
 */
export function filter(options: FilterOptions): HandlerStep {
  checkStepOptions('filter', options, { where: predicate })
  return new HandlerStep('filter', () => filterBy(options.where))
}

const predicate: Check = (value) => (typeof value === 'function' ? undefined : 'a function of the message and its context')

const filterBy = (where: FilterOptions['where']): Step<HandlerContext, Settlement> => {
  const filterStep: Step<HandlerContext, Settlement> = async (context, next) => {
    const passes: unknown = await where(context.message, context)
    if (passes === true) return next(context)
    if (passes !== false) {
      throw new MiddlewareError('filter', `got ${quote(passes)} from its predicate for ${context.type} before ${context.handler}`, 'Return true or false')
    }
    context.shortCircuit = 'filtered'
    return accepted
  }
  return filterStep
}
