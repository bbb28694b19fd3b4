import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { mutants as allMutants } from './index.js'
import { judge, type Verdict } from './judge.js'
import { runJob, type JobOutcome, type MutantJob, type RunJob } from './mutant-job.js'
import type { Mutant } from './mutant.js'
import { writableProof, writeProof } from '../command/proof.js'

export interface MutantsOptions {
  /** @default all of this package */
  readonly mutants?: readonly Mutant[]
  /** @default 5 */
  readonly seeds?: number
  /** @default a process each, on the transport in memory */
  readonly run?: RunJob
}

export interface MutantsReport {
  /** The kill table, what is wrong with it, and `mutants: N killed, N alive` as its last line. */
  readonly text: string
  readonly ok: boolean
  readonly counts: { readonly killed: number; readonly alive: number }
  readonly verdicts: readonly Verdict[]
}

const defaultSeeds = 5

/** Plants each fault by itself and runs its scenario, with it and without it. */
export async function runMutants({ mutants = allMutants, seeds = defaultSeeds, run = runJob() }: MutantsOptions = {}): Promise<MutantsReport> {
  const scenarios = [...new Set(mutants.map(({ scenario }) => scenario))]
  const clean = run({ scenarios, seeds })
  const faulty = await inTurn(mutants, (mutant) => run(jobOf(mutant, seeds)))
  const verdicts = await Promise.all(mutants.map(async (mutant, index) => judge(mutant, { seeds, clean: await clean, faulty: faulty[index] ?? nothing })))
  const killed = verdicts.filter((verdict) => verdict.killed).length
  const counts = { killed, alive: verdicts.length - killed }
  const overworked =
    scenarios.length < 2 ? [] : scenarios.filter((id) => verdicts.filter((verdict) => verdict.killed && verdict.scenario === id).length > mutants.length / 2)
  const text = [
    ...table(verdicts, seeds),
    ...overworked.map((id) => `FAILED ${id} kills more than half of the mutants: a scenario that finds everything shows nothing`),
    `mutants: ${counts.killed} killed, ${counts.alive} alive`,
  ].join('\n')
  return { text, ok: mutants.length > 0 && counts.alive === 0 && overworked.length === 0, counts, verdicts }
}

const nothing: JobOutcome = { kind: 'crashed', text: 'it did not run' }

function jobOf(mutant: Mutant, seeds: number): MutantJob {
  const job = { scenarios: [mutant.scenario], seeds }
  switch (mutant.kind) {
    case 'transport':
      return { ...job, transport: mutant.name }
    case 'core':
      return { ...job, patches: mutant.patches }
  }
}

/** As many at once as the machine has processors. */
async function inTurn<T, R>(all: readonly T[], run: (each: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const left = all.entries()
  const work = async (): Promise<void> => {
    for (const [index, each] of left) results[index] = await run(each)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return results
}

function* table(verdicts: readonly Verdict[], seeds: number): Generator<string> {
  const widest = (of: (verdict: Verdict) => string): number => Math.max(0, ...verdicts.map((verdict) => of(verdict).length))
  const names = widest(({ mutant }) => mutant)
  const ids = widest(({ scenario }) => scenario)
  for (const { mutant, title, scenario, killed, runs, text } of verdicts) {
    yield `${killed ? 'killed' : 'ALIVE '}  ${mutant.padEnd(names)}  ${scenario.padEnd(ids)}  ${runs}/${seeds}  ${title}`
    yield `        ${''.padEnd(names)}  ${text}`
  }
}

/** `conformance mutants [--only NAME,NAME] [--seeds N] [--json FILE]`; returns the exit code. */
export async function mutantsCommand(argv: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { only: { type: 'string' }, seeds: { type: 'string', default: String(defaultSeeds) }, json: { type: 'string' } },
  })
  const names = values.only?.split(',').map((name) => name.trim())
  for (const name of names ?? [])
    if (!allMutants.some((mutant) => mutant.name === name))
      throw new TypeError(`--only cannot be ${JSON.stringify(name)}: there are ${allMutants.map((mutant) => mutant.name).join(', ')}`)
  const seeds = Number(values.seeds)
  if (!Number.isSafeInteger(seeds) || seeds < 1) throw new TypeError(`--seeds cannot be ${JSON.stringify(values.seeds)}: write a whole number from 1 on`)
  await writableProof(values.json)
  const { text, ok, counts, verdicts } = await runMutants({ mutants: allMutants.filter(({ name }) => names?.includes(name) ?? true), seeds })
  const { killed, alive } = counts
  await writeProof(values.json, { command: 'mutants', seeds, ok, counts: { passed: killed, failed: alive, skipped: 0, killed, alive }, verdicts })
  print(text)
  return ok ? 0 : 1
}
