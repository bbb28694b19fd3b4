import { setTimeout as sleep } from 'node:timers/promises'
import { Checks } from '../lab/checks.js'
import type { Failure } from '../lab/failure.js'
import { show } from '../lab/show.js'

/** A store made for one scenario, with rows that nobody else has. */
export interface StorePlace {
  /** Ends and removes everything. Called once, also after a failure. */
  close(): Promise<void>
}

/** What one scenario of a store works with. */
export interface StoreLab<Place> {
  readonly place: Place
  readonly checks: Checks
}

/** One behaviour that every store of a kind has. */
export interface StoreScenario<Place> {
  /** `IN-01`: the kind of store, and a number in it. */
  readonly id: string
  /** The behaviour as a sentence. */
  readonly title: string
  run(lab: StoreLab<Place>): Promise<void>
}

/** What one run of a scenario has shown. */
export interface StoreResult {
  readonly id: string
  readonly title: string
  readonly status: 'passed' | 'failed'
  readonly checks: number
  readonly failures: readonly Failure[]
  /** Of the machine's time. */
  readonly ms: number
}

/** What a run of a store's suite has shown. */
export interface StoreReport {
  readonly store: string
  readonly ok: boolean
  readonly counts: { readonly passed: number; readonly failed: number }
  readonly scenarios: readonly StoreResult[]
}

/** Which store is proved, and by which scenarios. */
export interface StoreSuiteOptions<Place> {
  /** In the report. */
  readonly name: string
  /** A fresh place for each scenario. */
  readonly create: () => Promise<Place>
  /** Ids. @default every scenario */
  readonly only?: readonly string[]
  /** Of the machine's time, for one scenario. @default 30_000 */
  readonly watchdogMs?: number
}

const watchdog = 30_000

/** Runs the scenarios one after the other, each in a place of its own. */
export async function runStoreSuite<Place extends StorePlace>(
  scenarios: readonly StoreScenario<Place>[],
  { name, create, only, watchdogMs = watchdog }: StoreSuiteOptions<Place>,
): Promise<StoreReport> {
  const results: StoreResult[] = []
  for (const scenario of scenarios) if (only === undefined || only.includes(scenario.id)) results.push(await runOne(scenario, create, watchdogMs))
  const passed = results.filter(({ status }) => status === 'passed').length
  // Who asks for a scenario that does not exist has shown nothing.
  const ok = results.length > 0 && passed === results.length && (only === undefined || only.length === results.length)
  return { store: name, ok, counts: { passed, failed: results.length - passed }, scenarios: results }
}

async function runOne<Place extends StorePlace>(
  { id, title, run }: StoreScenario<Place>,
  create: () => Promise<Place>,
  watchdogMs: number,
): Promise<StoreResult> {
  const startedAt = performance.now()
  const checks = new Checks()
  const failures: Failure[] = []
  const failed = (check: string, error: unknown): void =>
    void failures.push({ check, kind: 'error', actual: error instanceof Error ? (error.stack ?? error.message) : show(error) })
  try {
    const place = await create()
    await within(watchdogMs, run({ place, checks })).catch((error: unknown) => failed('the scenario runs to its end', error))
    await within(watchdogMs, place.close()).catch((error: unknown) => failed('the store closes', error))
  } catch (error) {
    failed('the store opens', error)
  }
  failures.unshift(...checks.failures)
  if (checks.count === 0 && failures.length === 0) failures.push({ check: 'at least one check', kind: 'guard', expected: '1', actual: '0' })
  return { id, title, status: failures.length === 0 ? 'passed' : 'failed', checks: checks.count, failures, ms: performance.now() - startedAt }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  const late = sleep(ms, 'late' as const, { signal: timer.signal }).catch(() => 'ended' as const)
  try {
    if ((await Promise.race([work, late])) === 'late') throw new Error(`It does not end within ${ms} ms of the machine's time`)
  } finally {
    timer.abort()
  }
}
