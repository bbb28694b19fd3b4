import { ConfigurationError, TransportMissingError, type Problem } from '../errors/index.js'
import { guardedLogger } from '../logging/guarded-logger.js'
import { defaultLogger } from '../logging/logger.js'
import type { StartReport } from '../requirements/index.js'
import { systemClock } from '../runtime/clock.js'
import type { AnyBusOptions } from './bus-options.js'
import { planBus } from './bus-plan.js'
import { checkBusOptions } from './check-bus-options.js'
import { checkPlan } from './check-plan.js'
import { describeBus, type BusDescription } from './describe.js'
import { defaults } from './endpoint-defaults.js'
import { StartedBus } from './started-bus.js'
import { transportSource } from './transport-source.js'

/** Checks everything; what it gives back is ready to start. Rejects with one `ConfigurationError` that names all problems. */
export async function prepareBus(options: AnyBusOptions): Promise<StartedBus> {
  const problems: Problem[] = checkBusOptions(options)
  // Where the options have the wrong shape there is nothing to read handlers from.
  const plan = readable(options) ? planBus(options, problems) : undefined
  if (plan !== undefined) checkPlan(plan, options, problems)
  const source = await transportSource(options.transport ?? defaults.transport).catch((error: unknown) => {
    if (problems.length === 0) throw error
    if (error instanceof ConfigurationError) problems.push(...error.problems)
    else problems.push(transportProblem(error))
  })
  if (problems.length > 0 || plan === undefined || source === undefined)
    throw new ConfigurationError(`the bus ${JSON.stringify(options.name)} cannot start`, problems)
  return new StartedBus({ source, plan, options, clock: options.clock ?? systemClock, logger: guardedLogger(options.logger ?? defaultLogger) })
}

/** What a transport's factory says, indented as one item of the list. */
function transportProblem(error: unknown): Problem {
  const { message, advice } = errorText(error)
  return { what: message.replaceAll('\n', '\n     '), fix: error instanceof TransportMissingError ? 'Install the package.' : advice }
}

function errorText(error: unknown): { readonly message: string; readonly advice: string } {
  if (!(error instanceof Error)) return { message: String(error), advice: lookThere }
  return { message: error.message, advice: 'advice' in error && typeof error.advice === 'string' ? error.advice : lookThere }
}
const lookThere = 'Look at `transport`.'

/** Needs no broker, and shows what it can read also where something is wrong. */
export function describeOptions(options: AnyBusOptions, report: StartReport | undefined): BusDescription {
  const problems: Problem[] = checkBusOptions(options)
  if (!readable(options)) throw new ConfigurationError(`the bus ${JSON.stringify(options.name)} cannot be described`, problems)
  return describeBus(planBus(options, problems), options, report)
}

/** Whether the lists are lists: wrong ones are reported, and cannot be read. */
function readable({ handlers, endpoints, sends, awaits, routes, name }: AnyBusOptions): boolean {
  const isObject = (value: unknown): boolean => value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
  const isList = (value: unknown): boolean => value === undefined || Array.isArray(value)
  return (
    typeof name === 'string' &&
    isList(handlers) &&
    isList(sends) &&
    isList(awaits) &&
    isObject(routes) &&
    isObject(endpoints) &&
    Object.values(endpoints ?? {}).every((endpoint) => typeof endpoint === 'object' && endpoint !== null && Array.isArray(endpoint.handlers))
  )
}
