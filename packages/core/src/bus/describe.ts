import type { StartReport } from '../requirements/index.js'
import { mostAttempts, type PolicyLevel, type ResolvedPolicy } from '../recovery/index.js'
import { described } from '../handlers/index.js'
import { contractOfClass, type MessageKind } from '../messages/index.js'
import { deliverySteps, handlerSteps, names, outgoingMessageSteps, outgoingWireSteps } from '../pipeline/index.js'
import type { AnyBusOptions } from './bus-options.js'
import type { BusPlan, EndpointPlan } from './bus-plan.js'
import { defaults } from './endpoint-defaults.js'
import { middlewareAt, middlewareOfBus, pipelineAround, pipelineOf } from './pipelines.js'
import { policiesAt, type Delays } from './policies.js'
import { transportName } from './transport-name.js'

/** One handler as `describe()` tells it: where it is, how it is retried, what runs around it. */
export interface HandlerDescription {
  readonly id: string
  /** `PlaceOrderHandler (src/place-order.ts:12)` */
  readonly name: string
  readonly types: readonly string[]
  readonly kind: MessageKind
  /** Its messages may be requests. */
  readonly replies: boolean
  readonly retry: readonly {
    readonly when: string
    readonly from: PolicyLevel
    readonly immediate: number
    readonly delayedMs: readonly number[]
    /** Of what nobody waits for. */
    readonly mostAttempts: number
    readonly mostAttemptsOfRequests: number
  }[]
  /** The per-handler pipeline, outermost first. */
  readonly pipeline: readonly string[]
}

/** What the options of a bus come to, as data and as text for people. */
export interface BusDescription {
  readonly name: string
  readonly transport: string
  readonly endpoints: readonly {
    readonly name: string
    readonly ordered: boolean
    readonly concurrency: number
    readonly topics: readonly string[]
    readonly handlers: readonly HandlerDescription[]
  }[]
  readonly routes: Readonly<Record<string, string>>
  /** The types of the events that `requestEvent` may wait for. */
  readonly awaits: readonly string[]
  readonly pipelines: { readonly delivery: readonly string[]; readonly outgoing: readonly string[] }
  /** What the transport provides for what is needed; `undefined` until the bus has started. */
  readonly report: StartReport | undefined
  /** All of it for people. */
  readonly text: string
}

/** What the options come to. Needs no broker. */
export function describeBus(plan: BusPlan, options: AnyBusOptions, report: StartReport | undefined): BusDescription {
  const middleware = middlewareOfBus(options)
  const description = {
    name: plan.name,
    transport: report?.transport ?? transportName(options.transport),
    endpoints: plan.endpoints.map((endpoint) => describeEndpoint(endpoint, options, delaysAt(endpoint, report))),
    routes: Object.fromEntries(
      [...plan.known.values()].map(({ kind, type, topic }) => [type, kind === 'event' ? `topic ${topic}` : `endpoint ${plan.routes.endpointOf(type) ?? '?'}`]),
    ),
    awaits: (options.awaits ?? []).flatMap((event) => contractOfClass(event)?.type ?? []),
    pipelines: {
      delivery: [...names(deliverySteps(middleware)), 'dispatch'],
      outgoing: [...names(outgoingMessageSteps(middleware)), ...names(outgoingWireSteps(middleware)), 'guarded-transport'],
    },
    report,
  }
  return { ...description, text: textOf(description) }
}

/** What the default retries are there; before the start they are those of a broker that can delay. */
function delaysAt({ name, ordered }: EndpointPlan, report: StartReport | undefined): Delays {
  const isDegraded = report?.rows.some(({ need, by, provided }) => need === 'delayed retry' && by === name && provided === 'degraded')
  return ordered || isDegraded === true ? 'immediate' : 'delayed'
}

function describeEndpoint(plan: EndpointPlan, options: AnyBusOptions, delays: Delays): BusDescription['endpoints'][number] {
  const { name, ordered, options: endpoint, records } = plan
  const steps = pipelineOf(endpoint, options)
  const around = middlewareAt(plan, options)
  const policyOf = policiesAt(plan, options, delays)
  const handlers = records.map((record): HandlerDescription => {
    const pipeline = [...names(handlerSteps(pipelineAround(steps, record), [...around, ...(record.options.use ?? [])])), 'call-handler', record.name]
    return {
      id: record.id,
      name: described(record),
      types: record.contracts.map(({ type }) => type),
      kind: record.contracts[0]?.kind ?? 'event',
      replies: record.contracts.some(({ replies }) => replies),
      retry: retryOf(policyOf(record.options.retry)),
      pipeline,
    }
  })
  return { name, ordered, concurrency: endpoint.concurrency ?? defaults.concurrency, topics: plan.endpoint.topics.map((topic) => topic.name), handlers }
}

const retryOf = (policy: ResolvedPolicy): HandlerDescription['retry'] =>
  policy.levels.flatMap(({ level, rules }) =>
    rules.map((rule) => ({
      when: rule.name,
      from: level,
      immediate: rule.immediate,
      delayedMs: rule.delayedMs,
      mostAttempts: mostAttempts(rule, { request: false }),
      mostAttemptsOfRequests: mostAttempts(rule, { request: true }),
    })),
  )

function textOf({ name, transport, endpoints, routes, awaits, pipelines, report }: Omit<BusDescription, 'text'>): string {
  const lines = [`${name} on ${transport}`]
  for (const endpoint of endpoints) {
    lines.push(`endpoint ${endpoint.name}${endpoint.ordered ? ', ordered by key' : ''}, concurrency ${endpoint.concurrency}`)
    for (const handler of endpoint.handlers) {
      lines.push(`  ${handler.types.join(', ')} → ${handler.id === handler.name ? '' : `${handler.id}: `}${handler.name}`)
      lines.push(...policyLines(handler, endpoint.name))
      lines.push(`    ${handler.pipeline.join(' → ')}`)
    }
  }
  if (awaits.length > 0) lines.push(`awaits ${awaits.join(', ')}`)
  lines.push('routes', ...Object.entries(routes).map(([type, to]) => `  ${type} → ${to}`))
  lines.push('each delivery', `  ${pipelines.delivery.join(' → ')}`, 'each message sent', `  ${pipelines.outgoing.join(' → ')}`)
  if (report !== undefined) lines.push(report.text)
  return lines.join('\n')
}

/** The rules of each level, the nearest first, as far as the level that has one for any error. */
function policyLines({ kind, replies, retry }: HandlerDescription, endpoint: string): string[] {
  const lastLevel = retry.find(({ when }) => when === 'Error')?.from
  const inForce = retry.slice(0, retry.findLastIndex(({ from }) => from === lastLevel) + 1)
  return inForce.map(({ when, from, immediate, delayedMs, mostAttempts: most, mostAttemptsOfRequests: ofRequests }) => {
    const delays = delayedMs.map((ms) => `${ms}ms`).join(', ') || 'nothing'
    const rule = `    ${when}: at once ×${immediate}, then after ${delays} (${from})`
    if (kind === 'query') return `${rule}, at most ${ofRequests} attempts, then a fault`
    return `${rule}, at most ${most} attempts${replies && most !== ofRequests ? ` (${ofRequests} of a request)` : ''}, then ${endpoint}.dead-letter`
  })
}
