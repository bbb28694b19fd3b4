import type { Middleware } from '../context/index.js'
import { quote, type Problem } from '../errors/index.js'
import { described, type HandlerRecord } from '../handlers/index.js'
import { concurrencyLimit, idempotencyOf } from '../invocation/index.js'
import { checkCrossed, checkOrder, Pipeline, standardPipeline, type Surrounded } from '../pipeline/index.js'
import type { AnyBusOptions, EndpointOptions } from './bus-options.js'
import type { BusPlan, EndpointPlan } from './bus-plan.js'

const standard = standardPipeline()

/** The pipeline of an endpoint, or of the bus, with what its stores make possible. */
export function pipelineOf({ pipeline }: Pick<EndpointOptions, 'pipeline'>, { stores }: Pick<AnyBusOptions, 'stores'>): Pipeline {
  const made = pipeline instanceof Pipeline ? pipeline : Array.isArray(pipeline) ? Pipeline.of(readable(pipeline)) : standard
  return stores?.inbox === undefined ? new Pipeline(made.steps.filter((step) => idempotencyOf(step) !== 'if stored')) : made
}

/** The pipeline around one handler of it: its own `concurrency` is a limit in it. */
export const pipelineAround = (pipeline: Pipeline, { options: { concurrency } }: HandlerRecord): Pipeline =>
  concurrency === undefined ? pipeline : pipeline.limited(concurrencyLimit({ limit: concurrency }))

/** What has the shape of a middleware: the rest is reported, and not read. */
const readable = (list: unknown): readonly Middleware[] =>
  Array.isArray(list) ? list.filter((each: unknown): each is Middleware => typeof each === 'object' && each !== null && 'name' in each) : []

/** What the whole bus runs on the way out and on the wire, what stands in its pipeline included. */
export const middlewareOfBus = (options: AnyBusOptions): readonly Middleware[] => pipelineOf(options, options).around(readable(options.middleware))

/** What runs in the middleware's place at an endpoint, outside of its handlers' own. */
export function middlewareAt({ options: endpoint }: EndpointPlan, options: AnyBusOptions): readonly Middleware[] {
  const ofBus = readable(options.middleware)
  return endpoint.middleware === options.middleware ? ofBus : [...ofBus, ...readable(endpoint.middleware)]
}

/** All steps around the handlers of an endpoint, those of its pipeline and of its middleware. */
export const stepsAt = (endpoint: EndpointPlan, options: AnyBusOptions): readonly Middleware[] =>
  pipelineOf(endpoint.options, options).around(middlewareAt(endpoint, options))

/** Orders that must not run: each is told once, where it is made. */
export function checkOrders({ endpoints }: BusPlan, options: AnyBusOptions): Problem[] {
  const ofBus = checkAround(pipelineOf(options, options), readable(options.middleware))
  return [
    ...told('options.pipeline', ofBus, []),
    ...endpoints.flatMap((endpoint) => {
      const pipeline = pipelineOf(endpoint.options, options)
      const around = middlewareAt(endpoint, options)
      const here = checkAround(pipeline, around)
      return [
        ...told(`options.endpoints[${JSON.stringify(endpoint.name)}]`, here, endpoint.options.pipeline === options.pipeline ? ofBus : []),
        ...endpoint.records.flatMap((record) => {
          const { use, concurrency } = record.options
          if (use === undefined && concurrency === undefined) return []
          return told(described(record), checkAround(pipelineAround(pipeline, record), [...around, ...readable(use)]), here)
        }),
      ]
    }),
    ...checkCrossed(endpoints.flatMap((endpoint) => surrounded(endpoint, options))),
  ]
}

/** Each handler, with all that runs around it. */
function surrounded(endpoint: EndpointPlan, options: AnyBusOptions): Surrounded[] {
  const [pipeline, around] = [pipelineOf(endpoint.options, options), middlewareAt(endpoint, options)]
  return endpoint.records.map((record) => ({
    handler: described(record),
    endpoint: endpoint.name,
    steps: pipeline.around([...around, ...readable(record.options.use)]),
  }))
}

/** What is wrong with a pipeline and what is to run in it. */
const checkAround = (pipeline: Pipeline, middleware: readonly Middleware[]): Problem[] => [
  ...checkOrder(pipeline.around(middleware)),
  ...(pipeline.hasPlace ? [] : middleware.map(neverRuns)),
]

const neverRuns = ({ name }: Middleware): Problem => ({
  what: `${quote(name)} would never run: the pipeline has no place for middleware`,
  fix: 'Put middleware() of @waybill/core/middleware where it is to run, or leave the middleware out.',
})

/** Those that are not told farther out. */
const told = (where: string, mistakes: readonly Problem[], outer: readonly Problem[]): Problem[] =>
  mistakes.filter(({ what }) => !outer.some((other) => other.what === what)).map(({ what, fix }) => ({ what: `${where}: ${what}`, fix }))
