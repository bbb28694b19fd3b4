import { missingFlag } from '../harness/flags.js'
import type { Harness } from '../harness/harness.js'
import type { Checker } from '../checkers/checker.js'
import { readResources } from '../checkers/read-resources.js'
import type { HistoryEvent } from '../history/history.js'
import { ScenarioEnded, type Failure } from '../lab/failure.js'
import { Lab } from '../lab/lab.js'
import { show } from '../lab/show.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { Sabotage } from '../sabotage/sabotage.js'
import { Guards } from './guards.js'
import type { ScenarioResult } from './result.js'
import { warmUp } from './warm-up.js'

export interface RunOptions {
  readonly harness: Harness
  readonly seed: number
  /** Names the place. */
  readonly run: number
  readonly checkers: readonly Checker[]
  readonly sabotage?: Sabotage | undefined
  /** Of the machine's time: a scenario that hangs ends the run of nobody. */
  readonly watchdogMs?: number
}

export interface Ran {
  readonly result: ScenarioResult
  readonly history: readonly HistoryEvent[]
}

const defaultWatchdogMs = 60_000

/** Runs one scenario in a place of its own and judges it: its checks, the guards, the invariants. */
export async function runScenario(scenario: Scenario, { harness, seed, run, checkers, sabotage, watchdogMs = defaultWatchdogMs }: RunOptions): Promise<Ran> {
  await warmUp()
  const startedAt = performance.now()
  const place = await harness.create({ namespace: `${scenario.id.toLowerCase()}-${seed}-${run}`, seed })
  const missing = missingFlag(scenario.needs ?? [], place)
  if (missing !== undefined) {
    await place.close()
    return { result: { ...empty(scenario), seed, status: 'skipped', flag: missing, ms: performance.now() - startedAt }, history: [] }
  }
  const lab = new Lab({ place, seed, scenario: scenario.id, ...(sabotage && { sabotage: (source) => sabotage.wrap(source, { seed, clock: place.clock }) }) })
  await noteResources(lab, 'baseline')
  const guards = new Guards(lab)
  const failures: Failure[] = []
  try {
    await guards.watch(watchdogMs, scenario.run(lab))
  } catch (error) {
    if (!(error instanceof ScenarioEnded)) failures.push({ check: 'the scenario runs to its end', kind: 'error', actual: stackOf(error) })
  }
  const faults = await lab.faults.records()
  try {
    await guards.watch(watchdogMs, lab.end())
  } catch (error) {
    failures.push({ check: 'the buses stop', kind: 'guard', actual: stackOf(error) })
  }
  failures.push(...(await guards.end()))
  await noteResources(lab, 'end')
  await place.close()
  const { history, checks } = lab
  const delivered = lab.recorder.count('delivered')
  failures.unshift(...checks.failures)
  if (checks.count === 0 && failures.length === 0) failures.push({ check: 'at least one check', kind: 'guard', expected: '1', actual: '0' })
  if (delivered < scenario.deliveries)
    failures.push({ check: 'as many deliveries as declared', kind: 'guard', expected: `at least ${scenario.deliveries}`, actual: String(delivered) })
  for (const { kind, evidence } of faults)
    if (evidence === undefined) failures.push({ check: `the fault ${kind} happened`, kind: 'guard', expected: 'evidence', actual: 'none' })
  for (const kind of scenario.faults ?? []) {
    if (!faults.some((fault) => fault.kind === kind))
      failures.push({ check: `the fault ${kind} was made`, kind: 'guard', expected: kind, actual: show(faults.map((fault) => fault.kind)) })
  }
  failures.push(...violations(scenario, history, checkers))
  const result: ScenarioResult = {
    ...empty(scenario),
    seed,
    status: failures.length === 0 ? 'passed' : 'failed',
    published: lab.recorder.count('publish-started'),
    delivered,
    checks: checks.count,
    faults: faults.map(({ kind, evidence }) => ({ kind, evidence: evidence ?? '' })),
    failures,
    ms: performance.now() - startedAt,
  }
  return { result, history }
}

/** Of the process, and of the place: what a scenario leaves behind there is leaked. */
async function noteResources(lab: Lab, moment: 'baseline' | 'end'): Promise<void> {
  const { place, doors } = lab
  const connections = (await doors.connections()).length
  const timers = place.time === 'virtual' ? place.clock.waiting.count : 0
  lab.note({ kind: 'resources', moment, counts: readResources({ connections: () => connections, 'timers of the clock': () => timers }) })
}

const empty = ({ id, tier, title }: Scenario) => ({ id, tier, title, published: 0, delivered: 0, checks: 0, faults: [], failures: [] })

function violations({ exempt = {} }: Scenario, history: readonly HistoryEvent[], checkers: readonly Checker[]): Failure[] {
  return checkers
    .filter(({ id }) => !Object.hasOwn(exempt, id))
    .flatMap((checker) =>
      checker.check(history).map(({ text, seq }): Failure => ({
        check: checker.id,
        kind: 'invariant',
        expected: checker.title,
        actual: seq === undefined ? text : `${text} (event ${seq})`,
      })),
    )
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : show(error))
