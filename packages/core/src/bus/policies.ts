import { isPolicy, ruleOf, type PolicyLevel, type RecoveryPolicy, type ResolvedPolicy, type RetryOptions } from '../recovery/index.js'
import type { AnyBusOptions } from './bus-options.js'
import type { EndpointPlan } from './bus-plan.js'
import { pipelineOf } from './pipelines.js'

type Retry = RetryOptions | RecoveryPolicy | undefined

/** Whether an endpoint can delay at all: where it cannot, the default has immediate retries only. */
export type Delays = 'delayed' | 'immediate'

/** The policy of a handler: its own rules, then the endpoint's, the bus's, those of the pipeline's `recover`, and the default. */
export function resolvePolicy(given: Partial<Readonly<Record<Exclude<PolicyLevel, 'default'>, Retry>>>, delays: Delays): ResolvedPolicy {
  const level = (name: PolicyLevel, retry: Retry): ResolvedPolicy['levels'] =>
    retry === undefined ? [] : [{ level: name, rules: isPolicy(retry) ? retry.rules : [ruleOf(retry, delays)] }]
  return {
    levels: [
      ...level('handler', given.handler),
      ...level('endpoint', given.endpoint),
      ...level('bus', given.bus),
      ...level('pipeline', given.pipeline),
      ...level('default', {}),
    ],
  }
}

/** The policies of one endpoint: of a handler, or of what fails before any. */
export function policiesAt({ options: endpoint }: EndpointPlan, options: AnyBusOptions, delays: Delays): (handler?: Retry) => ResolvedPolicy {
  // The bus's own endpoint has the bus's options.
  const own = endpoint.retry === options.retry ? undefined : endpoint.retry
  const { retry: pipeline } = pipelineOf(endpoint, options)
  return (handler) => resolvePolicy({ handler, endpoint: own, bus: options.retry, pipeline }, delays)
}
