import { describe, expect, it } from 'vitest'
import type { Failure } from '../lab/failure.js'
import { judge } from './judge.js'
import type { JobOutcome, JobResult } from './mutant-job.js'
import type { Mutant } from './mutant.js'

const mutant: Mutant = { kind: 'core', name: 'forgetful', title: 'forgets', scenario: 'DS-01', patches: [] }
const seeds = 2
const lost: Failure = { check: 'each is handled', kind: 'check', expected: '2', actual: '1' }

const ended = (...results: readonly (Partial<JobResult> | undefined)[]): JobOutcome => ({
  kind: 'ended',
  results: results.map((result, index) => ({ scenario: 'DS-01', seed: index + 1, status: 'failed', failures: [lost], ...result })),
})
const passed: Partial<JobResult> = { status: 'passed', failures: [] }
const clean = ended(passed, passed)
const failing = (...failures: readonly Failure[]): Partial<JobResult> => ({ status: 'failed', failures })

describe('judge', () => {
  it('calls a mutant killed when an assertion of its scenario fails for every seed', () => {
    expect(judge(mutant, { seeds, clean, faulty: ended({}, {}) })).toEqual({
      mutant: 'forgetful',
      title: 'forgets',
      scenario: 'DS-01',
      killed: true,
      runs: 2,
      text: 'each is handled: 1',
    })
  })

  it.each(['bound', 'invariant'] as const)('takes a %s for an assertion', (kind) => {
    const failure = failing({ check: 'I1', kind, actual: 'lost: m1' })
    expect(judge(mutant, { seeds, clean, faulty: ended(failure, failure) })).toMatchObject({ killed: true, text: 'I1: lost: m1' })
  })

  it('calls one alive that is equal to the original', () => {
    expect(judge(mutant, { seeds, clean, faulty: clean })).toMatchObject({ killed: false, runs: 0, text: 'seed 1: DS-01 passed' })
  })

  it('calls one alive that survives one seed', () => {
    expect(judge(mutant, { seeds, clean, faulty: ended({}, passed) })).toMatchObject({ killed: false, runs: 1, text: 'seed 2: DS-01 passed' })
  })

  it('takes neither a guard of the runner nor a scenario that breaks for a kill', () => {
    const guard = failing({ check: 'as many deliveries as declared', kind: 'guard', actual: '0' })
    expect(judge(mutant, { seeds, clean, faulty: ended(guard, guard) })).toMatchObject({
      killed: false,
      text: 'seed 1: no assertion failed: as many deliveries as declared: 0',
    })
    const broken = failing(lost, { check: 'the scenario runs to its end', kind: 'error', actual: 'TypeError: x\n  at y' })
    expect(judge(mutant, { seeds, clean, faulty: ended(broken, broken) })).toMatchObject({
      killed: false,
      text: 'seed 1: no assertion failed: the scenario runs to its end: TypeError: x',
    })
  })

  it.each([
    { kind: 'timed-out', text: 'the process did not end within 60000 ms' },
    { kind: 'crashed', text: 'out of memory' },
  ] as const)('takes no process that has $kind for a kill', (faulty) => {
    expect(judge(mutant, { seeds, clean, faulty })).toMatchObject({ killed: false, text: `no assertion failed: ${faulty.text}` })
  })

  it('believes no scenario that fails without the fault, is skipped, or does not run', () => {
    const faulty = ended({}, {})
    expect(judge(mutant, { seeds, clean: ended(passed, {}), faulty })).toMatchObject({ killed: false, text: 'DS-01 passes 1 of 2 runs without it' })
    expect(judge(mutant, { seeds, clean: ended({ status: 'skipped' }, { status: 'skipped' }), faulty })).toMatchObject({ killed: false })
    expect(judge(mutant, { seeds, clean: { kind: 'crashed', text: 'no core' }, faulty })).toMatchObject({ text: 'DS-01 does not run without it: no core' })
    expect(judge({ ...mutant, scenario: 'XX-99' }, { seeds, clean, faulty: ended() })).toMatchObject({ text: 'XX-99 passes 0 of 2 runs without it' })
  })
})
