import { isPolicy, ruleOf, type PolicyLevel, type RecoveryPolicy, type ResolvedPolicy, type RetryOptions } from '../recovery/index.js'

type Retry = RetryOptions | RecoveryPolicy | undefined

/** The policy of a handler: its own rules, then the endpoint's, the bus's, those of the pipeline's `recover`, and the default. `delays` says whether this endpoint can delay at all. */
export function resolvePolicy(
  given: { readonly handler?: Retry; readonly endpoint?: Retry; readonly bus?: Retry; readonly pipeline?: Retry },
  delays: 'delayed' | 'immediate',
): ResolvedPolicy {
  const level = (name: PolicyLevel, retry: Retry): ResolvedPolicy['levels'] =>
    retry === undefined ? [] : [{ level: name, rules: isPolicy(retry) ? retry.rules : [ruleOf(retry, delays)] }]
  return {
    levels: [
      ...level('handler', given.handler),
      ...level('endpoint', given.endpoint),
      ...level('bus', given.bus),
      ...level('pipeline', given.pipeline),
      { level: 'default', rules: [ruleOf({}, delays)] },
    ],
  }
}
