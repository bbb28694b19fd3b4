import { checkers as allCheckers } from '../checkers/index.js'
import type { Checker } from '../checkers/checker.js'
import type { Harness } from '../harness/harness.js'
import type { HistoryEvent } from '../history/history.js'
import type { Sabotage } from '../sabotage/sabotage.js'
import { scenarios as allScenarios } from '../scenarios/index.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { ConformanceReport, ScenarioResult } from './result.js'
import { runScenario } from './run-scenario.js'
import { judgeSkips, type AllowedSkip } from './skips.js'

/** A transport, and how much of the suite it is to pass. */
export interface ConformanceOptions extends Harness {
  /** @default every group */
  readonly groups?: readonly string[]
  /** Ids of scenarios. @default all */
  readonly only?: readonly string[]
  /** Runs of each scenario, each in a fresh place. @default 1 */
  readonly repeat?: number
  /** Repeats the order of all that is random. @default 1 */
  readonly seed?: number
  /** The skips that are known, each with its reason: another one fails, and so does a known one that would pass. @default each skip by a missing capability is allowed */
  readonly allowedSkips?: readonly AllowedSkip[]
  readonly sabotage?: Sabotage
  /** @default every scenario of this package */
  readonly scenarios?: readonly Scenario[]
  readonly checkers?: readonly Checker[]
  /** Told of each run as it ends. */
  readonly onResult?: (result: ScenarioResult, history: readonly HistoryEvent[]) => void
}

/** Runs the suite on a transport, one scenario after the other. Never rejects because of what the transport does. */
export async function conformance({
  name,
  create,
  groups,
  only,
  repeat = 1,
  seed = 1,
  allowedSkips,
  sabotage,
  scenarios = allScenarios,
  checkers = allCheckers,
  onResult,
}: ConformanceOptions): Promise<ConformanceReport> {
  const chosen = scenarios.filter(({ id, group }) => (groups?.includes(group) ?? true) && (only?.includes(id) ?? true))
  const results: ScenarioResult[] = []
  const harness: Harness = { name, create }
  for (const scenario of chosen) {
    for (let run = 1; run <= repeat; run += 1) {
      const ran = await runScenario(scenario, { harness, seed: seed + run - 1, run, checkers, sabotage })
      const result = allowedSkips === undefined ? ran.result : judgeSkips(ran.result, name, allowedSkips)
      results.push(result)
      onResult?.(result, ran.history)
    }
  }
  const count = (status: ScenarioResult['status']): number => results.filter((result) => result.status === status).length
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
  return { transport: name, seed, ok: counts.failed === 0 && results.length > 0, counts, scenarios: results }
}
