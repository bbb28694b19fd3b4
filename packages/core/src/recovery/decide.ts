import type { RecoveryRule } from './policy.js'
import type { PolicyLevel, ResolvedPolicy } from './resolve-policy.js'

/** What becomes of a failure. */
export type Decision =
  | { readonly action: 'retry-now' }
  | { readonly action: 'retry-after'; readonly delayMs: number }
  | { readonly action: 'dead-letter'; readonly reason: 'unrecoverable' | 'retries-exhausted' }

export interface Failure {
  readonly error: Error
  /** The failure's number, from 1. */
  readonly attempt: number
  /** Whether somebody waits for the reply. */
  readonly request: boolean
}

/** The whole of recovery's mind: no clock, no broker, no randomness. Between two delayed retries come the immediate ones again, so a handler runs at most (immediate + 1) × (delayed + 1) times. */
export function decide({ error, attempt, request }: Failure, policy: ResolvedPolicy): Decision {
  const found = ruleFor(error, policy)
  if (found === undefined) return { action: 'dead-letter', reason: 'unrecoverable' }
  const { immediate, delayedMs, requests } = found.rule
  const perRound = immediate + 1
  const round = Math.floor((attempt - 1) / perRound)
  const delays = delaysOf(delayedMs, request && requests === 'immediate')
  if (round > delays) return { action: 'dead-letter', reason: 'retries-exhausted' }
  if ((attempt - 1) % perRound < immediate) return { action: 'retry-now' }
  const delayMs = round < delays ? delayedMs[round] : undefined
  return delayMs === undefined ? { action: 'dead-letter', reason: 'retries-exhausted' } : { action: 'retry-after', delayMs }
}

/** The rule that holds for an error, and where it was declared; `undefined` for errors that trying again cannot mend and that no rule names. */
export function ruleFor(error: Error, policy: ResolvedPolicy): { readonly rule: RecoveryRule; readonly level: PolicyLevel } | undefined {
  for (const { level, rules } of policy.levels) {
    let nearest = Number.POSITIVE_INFINITY
    let found: RecoveryRule | undefined
    for (const rule of rules) {
      const distance = matchOf(rule, error)
      if (distance === undefined || distance >= nearest) continue
      nearest = distance
      found = rule
    }
    if (found !== undefined) return { rule: found, level }
  }
  return undefined
}

/** A predicate that throws matches nothing: its mistake must not decide over the message. */
function matchOf(rule: RecoveryRule, error: Error): number | undefined {
  try {
    return rule.match(error)
  } catch {
    return undefined
  }
}

/** How often a handler runs at most under a rule. */
export const mostAttempts = ({ immediate, delayedMs, requests }: RecoveryRule, { request }: Pick<Failure, 'request'>): number =>
  (immediate + 1) * (1 + delaysOf(delayedMs, request && requests === 'immediate'))

const delaysOf = (delayedMs: readonly number[], immediateOnly: boolean): number => (immediateOnly ? 0 : delayedMs.length)
