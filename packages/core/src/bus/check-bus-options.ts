import type { Middleware } from '../context/index.js'
import { quote, type Problem } from '../errors/index.js'
import { contractOfClass } from '../messages/index.js'
import { HandlerStep } from '../invocation/index.js'
import { Pipeline } from '../pipeline/index.js'
import { checkRetry } from '../recovery/index.js'
import { anything, checkOptions, duration, integer, oneOf, optional, parseDuration, type Check } from '../wire/index.js'
import type { AnyBusOptions } from './bus-options.js'
import { checkStores } from './check-stores.js'

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const
const logger: Check = (value) =>
  typeof value === 'object' && value !== null && levels.every((level) => typeof Reflect.get(value, level) === 'function')
    ? undefined
    : `a logger with the methods ${levels.join(', ')}`
const list: Check = (value) => (Array.isArray(value) ? undefined : 'a list')
const object: Check = (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object')
const durations: Check = (value) =>
  Array.isArray(value) && value.every((each) => parseDuration(each) !== undefined) ? undefined : 'a list of durations such as ["10s", "1m"]'
const timeout: Check = (value) => (value === 'none' ? undefined : duration(value))
const busName: Check = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) && !value.endsWith('.dead-letter')
    ? undefined
    : 'a name of letters, digits, ".", "-" and "_", at most 100, and none that ends in ".dead-letter"'
const container: Check = (value) =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'get') === 'function' ? undefined : 'a container with the method get(type, context)'

const pipeline: Check = (value) => (Array.isArray(value) || value instanceof Pipeline ? undefined : 'a pipeline of standardPipeline(), or a list of its steps')

const settings: Readonly<Record<string, Check>> = {
  concurrency: optional(integer(1, 10_000)),
  shards: optional(integer(1, 256)),
  retry: anything,
  handlerTimeout: optional(timeout),
  middleware: optional(list),
  pipeline: optional(pipeline),
}

const busChecks: Readonly<Record<string, Check>> = {
  ...settings,
  name: busName,
  transport: anything,
  handlers: optional(list),
  endpoints: optional(object),
  container: optional(container),
  routes: optional(object),
  sends: optional(list),
  awaits: optional(list),
  publishTimeout: optional(duration),
  stopTimeout: optional(duration),
  maxBodyBytes: optional(integer(1, 1_073_741_824)),
  clockSkew: optional(duration),
  unknown: optional(durations),
  provision: optional(oneOf('create', 'check', 'none')),
  stores: optional(object),
  schedulePoll: optional(duration),
  logger: optional(logger),
  clock: optional(object),
}

const endpointChecks: Readonly<Record<string, Check>> = { ...settings, handlers: list }

/** What is wrong with the options themselves, before anything is made of them. */
export function checkBusOptions(options: AnyBusOptions): Problem[] {
  const problems: Problem[] = [...checkOptions('options', options, busChecks)]
  if (problems.length > 0 && (typeof options !== 'object' || options === null)) return problems
  if (options.retry !== undefined) problems.push(...checkRetry('options.retry', options.retry))
  problems.push(
    ...checkMiddleware('options.middleware', options.middleware, 'all'),
    ...checkMiddleware('options.pipeline', stepsOf(options.pipeline), 'all'),
    ...checkRoutes(options.routes),
    ...checkStores('options.stores', options.stores),
    ...checkSends(options.sends),
    ...checkAwaits(options.awaits),
  )
  if (object(options.endpoints) === undefined) {
    for (const [name, endpoint] of Object.entries(options.endpoints ?? {})) {
      const path = `options.endpoints[${JSON.stringify(name)}]`
      problems.push(...checkOptions(path, endpoint, endpointChecks))
      if (busName(name) !== undefined) problems.push({ what: `${path} names an endpoint ${quote(name)}`, fix: `Use ${busName('') ?? ''}.` })
      if (typeof endpoint !== 'object' || endpoint === null) continue
      if (endpoint.retry !== undefined) problems.push(...checkRetry(`${path}.retry`, endpoint.retry))
      problems.push(...checkMiddleware(`${path}.middleware`, endpoint.middleware, 'messages'))
      problems.push(...checkMiddleware(`${path}.pipeline`, stepsOf(endpoint.pipeline), 'messages'))
    }
  }
  return problems
}

const stepsOf = (given: unknown): unknown => (given instanceof Pipeline ? given.steps : given)

/** `messages`: inside of an endpoint or handler there are no bytes any more. */
export function checkMiddleware(path: string, middleware: unknown, stages: 'all' | 'messages'): Problem[] {
  if (!Array.isArray(middleware)) return []
  return middleware.flatMap((each: unknown, index): Problem[] => {
    const at = `${path}[${index}]`
    if (typeof each !== 'object' || each === null || !('name' in each) || typeof each.name !== 'string') {
      return [
        {
          what: `${at} is ${quote(each)}, which is no middleware`,
          fix: 'Pass { name, incoming: { message }, outgoing: { wire } } with the steps that it has. Did you forget to call a factory?',
        },
      ]
    }
    if (each instanceof HandlerStep) return []
    const { name, incoming, outgoing } = each as Middleware
    if (incoming === undefined && outgoing === undefined) {
      return [
        {
          what: `${at} (${quote(name)}) has no step: it would do nothing`,
          fix: 'Give it one: { name, incoming: { message } }. If it comes from @waybill/core/middleware, @waybill/core is installed twice.',
        },
      ]
    }
    const problems = [...unknownSteps(`${at}.incoming`, incoming), ...unknownSteps(`${at}.outgoing`, outgoing)]
    if (stages === 'messages' && (incoming?.wire !== undefined || outgoing !== undefined)) {
      problems.push({
        what: `${at} (${quote(name)}) has steps that only the whole bus can run`,
        fix: 'Move it to the middleware of the bus; endpoints and handlers take incoming message steps.',
      })
    }
    return problems
  })
}

function unknownSteps(path: string, steps: unknown): Problem[] {
  if (steps === undefined) return []
  const step: Check = (value) => (value === undefined || typeof value === 'function' ? undefined : 'a function')
  return checkOptions(path, steps, { message: step, wire: step })
}

function checkRoutes(routes: unknown): Problem[] {
  if (object(routes) !== undefined) return []
  return Object.entries(routes as object).flatMap(([type, endpoint]): Problem[] =>
    busName(endpoint) === undefined
      ? []
      : [{ what: `options.routes[${JSON.stringify(type)}] is ${quote(endpoint)}`, fix: 'Name an endpoint: { "billing.*": "invoices" }.' }],
  )
}

function checkSends(sends: unknown): Problem[] {
  if (!Array.isArray(sends)) return []
  return sends.flatMap((cls: unknown, index): Problem[] =>
    contractOfClass(cls) === undefined
      ? [{ what: `options.sends[${index}] is ${quote(cls)}, which is no message class`, fix: 'List classes made by Command(), Event() or Document().' }]
      : [],
  )
}

function checkAwaits(awaits: unknown): Problem[] {
  if (!Array.isArray(awaits)) return []
  return awaits.flatMap((cls: unknown, index): Problem[] =>
    contractOfClass(cls)?.kind === 'event'
      ? []
      : [
          {
            what: `options.awaits[${index}] is ${quote(cls)}, which is no event class`,
            fix: 'List classes made by Event(): replies of commands and queries are awaited by request().',
          },
        ],
  )
}
