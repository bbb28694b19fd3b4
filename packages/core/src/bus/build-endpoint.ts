import type { HandlerRecord } from '../handlers/index.js'
import { Copies, EndpointPause, EndpointWorker, Waits, type EndpointSetup, type HandledType } from '../incoming/index.js'
import { Running, type BoundHandler, type ContextSender } from '../invocation/index.js'
import type { Outlet } from '../outgoing/index.js'
import { deliveryPipeline, handlerPipeline } from '../pipeline/index.js'
import { choosePrefetch, weakestLockMs } from '../requirements/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { GuardedTransport } from '../runtime/guarded-transport.js'
import { Lanes } from '../runtime/lanes.js'
import { milliseconds, parseDuration } from '../wire/index.js'
import { bindHandler, type Instances } from './bind-handler.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan, EndpointPlan } from './bus-plan.js'
import { defaults, longestHoldMs, timeoutMsOf } from './endpoint-defaults.js'
import { middlewareAt, middlewareOfBus, pipelineAround, pipelineOf } from './pipelines.js'
import { policiesAt } from './policies.js'

export interface EndpointInit {
  readonly scope: BusScope
  readonly guard: GuardedTransport
  readonly outlet: Outlet
  readonly sender: ContextSender
  readonly plan: BusPlan
  readonly options: AnyBusOptions
  readonly instances: Instances
}

/** Makes a worker of a plan, after connect: what the broker and the stores have decides over prefetch and delays. */
export function buildEndpoint(endpoint: EndpointPlan, init: EndpointInit): EndpointWorker {
  const { scope, guard, outlet, options } = init
  const { capabilities } = guard
  const delay = capabilities.delay?.endpoint ?? 'none'
  const canDelay = outlet.hasSchedule || (delay !== 'none' && delay.maxMs > 0)
  const delays = endpoint.ordered || !canDelay ? 'immediate' : 'delayed'
  const running = new Running(scope.clock)
  const waits = new Waits(scope.clock)
  const concurrency = endpoint.options.concurrency ?? defaults.concurrency
  const lanes = new Lanes(concurrency)
  const pause = new EndpointPause(endpoint.name, scope.logger, scope.clock)
  const copies = new Copies(scope, guard, { outlet, pause, waits })
  const steps = pipelineOf(endpoint.options, options)
  const around = middlewareAt(endpoint, options)
  const policyOf = policiesAt(endpoint, options, delays)

  const lockMs = capabilities.lockMs ?? weakestLockMs
  const holdMs = Math.min(lockMs / 2, longestHoldMs)
  const clockSkewMs = milliseconds(options.clockSkew, defaults.clockSkew)
  const runsInPlace = endpoint.ordered || !canDelay
  const at = { name: endpoint.name, ordered: endpoint.ordered, runsInPlace, holdMs, clockSkewMs, lanes, pause, waits }
  const made = { scope, guard, outlet, running, endpoint: at, stores: options.stores ?? {} }
  // One for all handlers with nothing of their own around them: ten thousand pipelines would push each other out of the processor's caches.
  const shared = handlerPipeline(made, steps, around)
  const invokeOf = (record: HandlerRecord): typeof shared => {
    const { use = [], concurrency } = record.options
    return use.length === 0 && concurrency === undefined ? shared : handlerPipeline(made, pipelineAround(steps, record), [...around, ...use])
  }

  const bound = endpoint.records.map((record) =>
    bindHandler({
      record,
      container: options.container,
      instances: init.instances,
      logger: scope.logger,
      timeoutMs: timeoutMsOf(record.options.timeout, endpoint.options.handlerTimeout),
      policy: policyOf(record.options.retry),
      invoke: invokeOf(record),
    }),
  )
  const longestTimeoutMs = Math.max(0, ...bound.map(({ timeoutMs }) => timeoutMs))
  const setup: EndpointSetup = {
    name: endpoint.name,
    ordered: endpoint.ordered,
    concurrency,
    prefetch: choosePrefetch(concurrency, longestTimeoutMs, lockMs) ?? concurrency,
    instanceId: scope.instanceId,
    sender: init.sender,
    handled: handledTypes(endpoint, bound),
    known: init.plan.known,
    handlersById: handlersById(bound),
    policy: policyOf(),
    maxBodyBytes: options.maxBodyBytes ?? defaults.maxBodyBytes,
    clockSkewMs,
    unknownDelaysMs: delays === 'delayed' ? (options.unknown ?? defaults.unknown).map((each) => parseDuration(each) ?? 0) : [],
    maxDelayMs: delay === 'none' ? 0 : delay.maxMs,
    canDelay,
    holdMs,
  }
  const pipeline = deliveryPipeline({ scope, copies, waits, lanes }, middlewareOfBus(options))
  return new EndpointWorker({ scope, guard, setup, endpoint: endpoint.endpoint, pipeline, copies, pause, running, lanes, waits })
}

function handledTypes({ records }: EndpointPlan, bound: readonly BoundHandler[]): ReadonlyMap<string, HandledType> {
  const handled = new Map<string, { contract: HandledType['contract']; handlers: BoundHandler[] }>()
  records.forEach((record, index) => {
    const handler = bound[index]
    if (handler === undefined) return
    for (const contract of record.contracts) {
      const entry = handled.get(contract.type)
      if (entry === undefined) handled.set(contract.type, { contract, handlers: [handler] })
      else entry.handlers.push(handler)
    }
  })
  for (const { handlers } of handled.values()) handlers.sort((a, b) => (a.id < b.id ? -1 : 1))
  return handled
}

function handlersById(bound: readonly BoundHandler[]): ReadonlyMap<string, BoundHandler> {
  return new Map([
    ...bound.flatMap((handler) => handler.formerIds.map((id) => [id, handler] as const)),
    ...bound.map((handler) => [handler.id, handler] as const),
  ])
}
