import { describe, expect, it } from 'vitest'
import { judge } from '../../src/mutants/judge.js'
import { runJob } from '../../src/mutants/mutant-job.js'
import type { CoreMutant, Mutant, SourcePatch } from '../../src/mutants/mutant.js'

const seeds = 2
const job = { scenarios: ['DS-01'], seeds }
const run = runJob()

const planted = (name: string, ...patches: readonly SourcePatch[]): CoreMutant => ({ kind: 'core', name, title: name, scenario: 'DS-01', patches })
const dispatch = '/core/src/incoming/dispatch.ts'
const hang = {
  file: dispatch,
  find: 'const { handlers, system, delivery } = incoming',
  replace: 'const { handlers, system, delivery } = incoming; for (;;) {}',
}

async function verdictOf(mutant: Mutant, timeoutMs = 60_000) {
  const patches = mutant.kind === 'core' ? mutant.patches : []
  return judge(mutant, { seeds, clean: await run(job), faulty: await runJob(timeoutMs)({ ...job, patches }) })
}

describe('a fault in core', () => {
  it('is killed by the scenario that sees it', async () => {
    const swallowed = {
      file: '/core/src/invocation/call-handler.ts',
      find: 'context.called = true',
      replace: 'context.called = true; if (1 + 1 === 2) return accepted',
    }
    expect(await verdictOf(planted('runs no handler', swallowed))).toMatchObject({ killed: true, runs: seeds })
  })

  it('is alive when it changes nothing', async () => {
    const equal = { file: dispatch, find: 'const { handlers, system, delivery } = incoming', replace: 'const { handlers, system, delivery } = incoming ' }
    expect(await verdictOf(planted('equal', equal))).toMatchObject({ killed: false, text: 'seed 1: DS-01 passed' })
  })

  it('is an error when its place is not there, or there twice', async () => {
    expect(await run({ ...job, patches: [{ file: dispatch, find: 'no such text', replace: '' }] })).toMatchObject({
      kind: 'crashed',
      text: expect.stringContaining(`${dispatch} has no "no such text"`) as string,
    })
    expect(await run({ ...job, patches: [{ file: dispatch, find: 'incoming', replace: '' }] })).toMatchObject({
      kind: 'crashed',
      text: expect.stringMatching(/dispatch\.ts has \d+ "incoming"/) as string,
    })
  })

  it('is an error when its file is never loaded', async () => {
    expect(await run({ ...job, patches: [{ file: '/core/src/incoming/nothing.ts', find: 'x', replace: 'y' }] })).toMatchObject({
      kind: 'crashed',
      text: expect.stringContaining('was never imported') as string,
    })
  })

  it('is not killed by a time-out', async () => {
    const verdict = await verdictOf(planted('hangs', hang), 5_000)
    expect(verdict).toMatchObject({ killed: false, text: 'no assertion failed: the process did not end within 5000 ms' })
  })

  it('is not killed by the end of its process', async () => {
    const exit = { ...hang, replace: 'const { handlers, system, delivery } = incoming; process.exit(1)' }
    expect(await verdictOf(planted('exits', exit))).toMatchObject({ killed: false, runs: 0, text: expect.stringContaining('no assertion failed') as string })
  })
})

describe('a fault in the transport', () => {
  it('is planted by its name', async () => {
    const outcome = await run({ ...job, transport: 'drop' })
    expect(outcome).toMatchObject({ kind: 'ended', results: [{ status: 'failed' }, { status: 'failed' }] })
  })

  it('is an error when nobody has that name', async () => {
    expect(await run({ ...job, transport: 'nobody' })).toMatchObject({
      kind: 'crashed',
      text: expect.stringContaining('no transport mutant "nobody"') as string,
    })
  })
})
