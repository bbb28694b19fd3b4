import { contractOfClass } from '../messages/index.js'
import type { Requirement } from '../requirements/index.js'
import { defaultRetry, isPolicy, ruleOf, type RecoveryPolicy, type RetryOptions } from '../recovery/index.js'
import { milliseconds, parseDuration } from '../wire/index.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan, EndpointPlan } from './bus-plan.js'
import { defaults, timeoutMsOf } from './endpoint-defaults.js'
import { idempotencyNeeds } from './inboxes.js'
import { pipelineOf } from './pipelines.js'

/** What the handlers and options need of a transport. */
export function requirementsOf(plan: BusPlan, options: AnyBusOptions): Requirement[] {
  const { name: bus } = plan
  return [
    ...plan.endpoints.flatMap((endpoint) => ofEndpoint(endpoint, options)),
    ...replies(plan),
    ...awaitedEvents(options),
    { need: 'message size', by: bus },
    { need: 'unroutable', by: bus },
    { need: 'durability', by: bus },
    ...schedule(bus, options),
  ]
}

function ofEndpoint(endpoint: EndpointPlan, options: AnyBusOptions): Requirement[] {
  const { name, records, ordered } = endpoint
  const contracts = records.flatMap((record) => record.contracts)
  const topics = [...new Set(contracts.filter(({ kind }) => kind === 'event').map(({ topic }) => topic))]
  const key = contracts.find((contract) => contract.key !== undefined)?.key ?? 'key'
  return [
    { need: 'own address', by: name },
    ...delays(endpoint, options),
    ...(ordered ? [{ need: 'order by key', by: name, key } as const] : []),
    ...(ordered && topics.length > 1 ? [{ need: 'one log', by: name, topics } as const] : []),
    ...waitsInOrder(endpoint, options),
    { need: 'lock', by: name, handlerTimeoutMs: Math.max(...records.map((record) => timeoutMsOf(record.options.timeout, endpoint.options.handlerTimeout))) },
    { need: 'crash quarantine', by: name },
    ...idempotencyNeeds(endpoint, options),
  ]
}

/** An ordered endpoint waits in place: nothing of it is delayed by the broker. */
function delays({ name, records, options: endpoint, ordered }: EndpointPlan, options: AnyBusOptions): Requirement[] {
  if (ordered) return []
  const asked = records.flatMap((record): Requirement[] => {
    const retry = record.options.retry
    return retry === undefined ? [] : delayedRetry(record.id, retry)
  })
  const common = endpoint.retry ?? options.retry ?? pipelineOf(endpoint, options).retry
  if (common !== undefined) return [...asked, ...delayedRetry(name, common)]
  return [...asked, { need: 'delayed retry', by: name, delaysMs: defaultRetry.delayed.map((delay) => parseDuration(delay) ?? 0), asked: 'default' }]
}

/** The longest of each that declares some: nothing of an ordered endpoint is delayed by default. */
function waitsInOrder({ name, records, options: endpoint, ordered }: EndpointPlan, options: AnyBusOptions): Requirement[] {
  if (!ordered) return []
  const declared = [
    ...records.map(({ id, options: { retry } }) => [id, retry] as const),
    [name, endpoint.retry ?? options.retry ?? pipelineOf(endpoint, options).retry] as const,
  ]
  return declared.flatMap(([by, retry]): Requirement[] => {
    if (retry === undefined) return []
    const rules = isPolicy(retry) ? retry.rules : [ruleOf(retry, 'immediate')]
    const totalMs = Math.max(0, ...rules.map(({ delayedMs }) => delayedMs.reduce((sum, ms) => sum + ms, 0)))
    return totalMs === 0 ? [] : [{ need: 'waits in order', by, totalMs }]
  })
}

/** Who has a store for it means to use it. */
function schedule(by: string, { stores, schedulePoll }: AnyBusOptions): Requirement[] {
  return stores?.schedule === undefined ? [] : [{ need: 'schedule', by, pollMs: milliseconds(schedulePoll, defaults.schedulePoll) }]
}

function delayedRetry(by: string, retry: RetryOptions | RecoveryPolicy): Requirement[] {
  const rules = isPolicy(retry) ? retry.rules : [ruleOf(retry, 'delayed')]
  const delaysMs = rules.flatMap((rule) => rule.delayedMs)
  const asked = isPolicy(retry) || retry.delayed !== undefined ? 'policy' : 'default'
  return delaysMs.length === 0 ? [] : [{ need: 'delayed retry', by, delaysMs, asked }]
}

/** Each topic once, however many of its types are awaited. */
function awaitedEvents({ awaits }: AnyBusOptions): Requirement[] {
  const topics = new Set((awaits ?? []).flatMap((event) => contractOfClass(event)?.topic ?? []))
  return [...topics].map((topic): Requirement => ({ need: 'awaited events', by: topic }))
}

/** Who answers needs a way back. Who asks finds out at the first request: nothing declares it. */
function replies({ endpoints }: BusPlan): Requirement[] {
  return endpoints.flatMap(({ records }) =>
    records.flatMap((record) => record.contracts.filter(({ kind }) => kind === 'query').map(({ type }): Requirement => ({ need: 'replies', by: type }))),
  )
}
