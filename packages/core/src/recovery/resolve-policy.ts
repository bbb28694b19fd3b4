import { checkOptions, integer, oneOf, optional, parseDuration, type Check, type OptionProblem } from '../wire/index.js'
import { isHopeless } from './hopeless.js'
import type { RecoveryPolicy, RecoveryRule, RetryOptions } from './policy.js'

/** Where a rule was declared; the nearest level that matches an error wins. */
export type PolicyLevel = 'handler' | 'endpoint' | 'bus' | 'pipeline' | 'default'

export interface ResolvedPolicy {
  readonly levels: readonly { readonly level: PolicyLevel; readonly rules: readonly RecoveryRule[] }[]
}

export const defaultRetry = { immediate: 2, delayed: ['10s', '1m', '10m'] } as const

const anyError: RecoveryRule['match'] = (error) => (isHopeless(error) ? undefined : Number.MAX_SAFE_INTEGER)

/** The rule that a `RetryOptions` is short for. `delayedByDefault: false` where nothing can be delayed (ordered endpoints, transports without delay). */
export function ruleOf(retry: RetryOptions, delayedByDefault: 'delayed' | 'immediate'): RecoveryRule {
  const delayed = retry.delayed ?? (delayedByDefault === 'delayed' ? defaultRetry.delayed : [])
  return {
    name: 'Error',
    match: anyError,
    immediate: retry.immediate ?? defaultRetry.immediate,
    delayedMs: delayed.map((delay) => parseDuration(delay) ?? 0),
    requests: retry.requests ?? 'immediate',
  }
}

export const isPolicy = (retry: RetryOptions | RecoveryPolicy): retry is RecoveryPolicy => 'rules' in retry

const durations: Check = (value) =>
  Array.isArray(value) && value.every((each) => parseDuration(each) !== undefined) ? undefined : 'a list of durations such as ["10s", "1m"]'

/** What is wrong with a `retry` option, for the report at start. */
export function checkRetry(path: string, retry: unknown): OptionProblem[] {
  if (typeof retry === 'object' && retry !== null && 'rules' in retry) {
    return Array.isArray(retry.rules) ? [] : [{ what: `${path} is no policy`, fix: 'Use when(…).retryNow(…).retryAfter(…), or { immediate, delayed }.' }]
  }
  return checkOptions(path, retry, { immediate: optional(integer(0, 1000)), delayed: optional(durations), requests: optional(oneOf('immediate', 'delayed')) })
}
