import type { Failure } from '../lab/failure.js'
import type { Scenario } from '../scenarios/scenario.js'

/** What one run of a scenario has shown. */
export interface ScenarioResult {
  readonly id: string
  readonly tier: Scenario['tier']
  readonly title: string
  /** Repeats this run: the same chances, in the same order. */
  readonly seed: number
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped: what the transport lacks. */
  readonly flag?: string
  readonly published: number
  readonly delivered: number
  readonly checks: number
  readonly faults: readonly { readonly kind: string; readonly evidence: string }[]
  /** Of the machine's time. */
  readonly ms: number
  readonly failures: readonly Failure[]
}

/** What a run of the suite has shown. */
export interface ConformanceReport {
  readonly transport: string
  readonly seed: number
  readonly ok: boolean
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number }
  readonly scenarios: readonly ScenarioResult[]
}
