import type { Failure } from '../lab/failure.js'
import type { JobOutcome, JobResult } from './mutant-job.js'
import type { Mutant } from './mutant.js'

/** What the suite made of a mutant. */
export interface Verdict {
  readonly mutant: string
  readonly title: string
  readonly scenario: string
  readonly killed: boolean
  /** In how many of the runs the scenario failed by an assertion. */
  readonly runs: number
  /** The first assertion that failed; else why it lives. */
  readonly text: string
}

/** Killed: the scenario passes without the fault for every seed, and fails with it, for every seed and by an assertion. */
export function judge(
  { name: mutant, title, scenario }: Mutant,
  { seeds, clean, faulty }: { readonly seeds: number; readonly clean: JobOutcome; readonly faulty: JobOutcome },
): Verdict {
  const alive = (text: string, runs = 0): Verdict => ({ mutant, title, scenario, killed: false, runs, text })
  if (clean.kind !== 'ended') return alive(`${scenario} does not run without it: ${firstLine(clean.text)}`)
  const passed = clean.results.filter((result) => result.scenario === scenario && result.status === 'passed').length
  if (passed < seeds) return alive(`${scenario} passes ${passed} of ${seeds} runs without it`)
  if (faulty.kind !== 'ended') return alive(`no assertion failed: ${firstLine(faulty.text)}`)
  const runs = faulty.results.filter((result) => result.scenario === scenario)
  const kills = runs.filter((run) => assertionOf(run) !== undefined)
  if (kills.length < seeds) {
    const survived = runs.find((run) => assertionOf(run) === undefined)
    return alive(survived === undefined ? `${scenario} ran ${runs.length} of ${seeds} times` : whyAlive(survived), kills.length)
  }
  return { mutant, title, scenario, killed: true, runs: kills.length, text: tell(kills.map(assertionOf).find((failure) => failure !== undefined)) }
}

/** The first of a run that ended by itself: what breaks or hangs proves nothing, and neither does what it leaves behind. */
function assertionOf({ status, failures }: JobResult): Failure | undefined {
  if (status !== 'failed' || failures.some(({ kind }) => kind === 'error')) return undefined
  return failures.find(({ kind }) => kind === 'check' || kind === 'bound' || kind === 'invariant')
}

function whyAlive({ scenario, seed, status, failures }: JobResult): string {
  const [first] = failures.filter(({ kind }) => kind === 'error' || kind === 'guard')
  return status === 'failed' ? `seed ${seed}: no assertion failed: ${tell(first)}` : `seed ${seed}: ${scenario} ${status}`
}

const tell = (failure: Failure | undefined): string =>
  firstLine(failure === undefined ? '' : failure.actual === undefined ? failure.check : `${failure.check}: ${failure.actual}`)
const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 200) ?? ''
