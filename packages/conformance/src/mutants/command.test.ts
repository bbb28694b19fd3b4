import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../scenarios/index.js'
import { mutantsCommand, runMutants } from './command.js'
import { mutants } from './index.js'
import type { JobResult, MutantJob, RunJob } from './mutant-job.js'
import type { Mutant } from './mutant.js'

const core = (name: string, scenario: string): Mutant => ({
  kind: 'core',
  name,
  title: `is ${name}`,
  scenario,
  patches: [{ file: `/${name}.ts`, find: 'a', replace: 'b' }],
})

/** A world in which these mutants are found and no others. */
function world(found: readonly string[]): { readonly run: RunJob; readonly jobs: MutantJob[] } {
  const jobs: MutantJob[] = []
  return {
    jobs,
    run: async (job) => {
      jobs.push(job)
      const name = job.transport ?? job.patches?.[0]?.file.slice(1, -3)
      const isFound = name !== undefined && found.includes(name)
      const results = job.scenarios.flatMap((scenario) =>
        Array.from({ length: job.seeds }, (_, index): JobResult => ({
          scenario,
          seed: index + 1,
          status: isFound ? 'failed' : 'passed',
          failures: isFound ? [{ check: 'I1', kind: 'invariant', actual: 'lost' }] : [],
        })),
      )
      return { kind: 'ended', results }
    },
  }
}
const three = [core('one', 'DS-01'), core('two', 'DS-06'), core('three', 'CC-01')]

describe('runMutants', () => {
  it('plants each by itself, runs its scenario alone, and all scenarios without a fault', async () => {
    const { run, jobs } = world(['one', 'two', 'three'])
    const { ok, text, counts } = await runMutants({ mutants: three, seeds: 5, run })
    expect(text.split('\n').at(-1)).toBe('mutants: 3 killed, 0 alive')
    expect({ ok, counts }).toEqual({ ok: true, counts: { killed: 3, alive: 0 } })
    expect(jobs).toContainEqual({ scenarios: ['DS-01', 'DS-06', 'CC-01'], seeds: 5 })
    for (const mutant of three) expect(jobs).toContainEqual({ scenarios: [mutant.scenario], seeds: 5, patches: mutant.kind === 'core' ? mutant.patches : [] })
    expect(jobs).toHaveLength(4)
  })

  it('is not well while one is alive', async () => {
    const { ok, text, counts } = await runMutants({ mutants: three, seeds: 5, run: world(['one', 'three']).run })
    expect(ok).toBe(false)
    expect(counts).toEqual({ killed: 2, alive: 1 })
    expect(text).toMatch(/^ALIVE +two +DS-06 +0\/5 +is two$/m)
    expect(text.split('\n').at(-1)).toBe('mutants: 2 killed, 1 alive')
  })

  it('is not well when one scenario kills more than half', async () => {
    const same = [core('one', 'DS-01'), core('two', 'DS-01'), core('three', 'CC-01')]
    const { ok, text } = await runMutants({ mutants: same, seeds: 5, run: world(['one', 'two', 'three']).run })
    expect(ok).toBe(false)
    expect(text).toContain('DS-01 kills more than half of the mutants')
  })

  it('is not well when there is none', async () => {
    expect(await runMutants({ mutants: [], run: world([]).run })).toMatchObject({ ok: false, counts: { killed: 0, alive: 0 } })
  })
})

describe('the mutants', () => {
  it('are at least 22, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(22)
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  })

  it('meet exactly one place of core each', () => {
    const places = mutants.flatMap((mutant) => (mutant.kind === 'core' ? mutant.patches.map((patch) => ({ name: mutant.name, ...patch })) : []))
    const count = (file: string, find: string): number => readFileSync(new URL(`../../..${file}`, import.meta.url), 'utf8').split(find).length - 1
    expect(
      places.filter(({ file, find }) => count(file, find) !== 1).map(({ name, file, find }) => `${name}: ${file} has ${count(file, find)} ${find}`),
    ).toEqual([])
  })

  it('name scenarios that exist', () => {
    const ids = new Set(scenarios.map(({ id }) => id))
    expect(mutants.filter(({ scenario }) => !ids.has(scenario)).map(({ name, scenario }) => `${name}: ${scenario}`)).toEqual([])
  })
})

describe('mutantsCommand', () => {
  it('names those that there are when it is asked for another', async () => {
    await expect(mutantsCommand(['--only', 'nobody'], () => undefined)).rejects.toThrow(/--only cannot be "nobody": there are drop, /)
  })

  it.each(['0', '-1', '1.5', 'many'])('refuses %s seeds', async (seeds) => {
    await expect(mutantsCommand([`--seeds=${seeds}`], () => undefined)).rejects.toThrow(`--seeds cannot be "${seeds}"`)
  })
})
