import { describe, expect, it } from 'vitest'
import { inboxConformance, inboxScenarios } from '../../src/stores/inbox/inbox-conformance.js'
import { inboxMutants, withMutant } from '../../src/stores/inbox/inbox-mutants.js'
import { memoryInboxPlace } from '../../src/stores/inbox/memory-inbox-place.js'
import { runStoreSuite } from '../../src/stores/store-suite.js'

describe('the suite of inbox stores', () => {
  it('has at least twenty scenarios with ids of their own, and the memory store passes each', async () => {
    const report = await inboxConformance({ name: 'memory', create: memoryInboxPlace })
    expect(report.scenarios.flatMap(({ id, failures }) => failures.map((failure) => ({ id, ...failure })))).toEqual([])
    expect(report.scenarios.filter(({ checks }) => checks === 0)).toEqual([])
    expect(report).toMatchObject({ ok: true, counts: { passed: inboxScenarios.length, failed: 0 } })
    expect(new Set(inboxScenarios.map(({ id }) => id)).size).toBe(inboxScenarios.length)
    expect(inboxScenarios.length).toBeGreaterThanOrEqual(20)
  })

  it.each(inboxMutants)('finds the store that $name, in $killedBy, by an assertion', async (mutant) => {
    const only = [mutant.killedBy]
    expect(await inboxConformance({ name: 'memory', create: memoryInboxPlace, only })).toMatchObject({ ok: true })
    const report = await inboxConformance({ name: mutant.name, create: async () => withMutant(await memoryInboxPlace(), mutant), only })
    expect(report.ok).toBe(false)
    const kinds = report.scenarios.flatMap(({ failures }) => failures.map(({ kind }) => kind))
    expect(new Set(kinds)).toEqual(new Set(['check']))
  })

  it('fails a scenario that checks nothing, one that throws, and one that hangs', async () => {
    const run = (work: () => Promise<void>): Promise<unknown> =>
      runStoreSuite([{ id: 'X-01', title: 'x', run: work }], { name: 'x', create: memoryInboxPlace, watchdogMs: 20 })
    const failedAt = (check: string): object => ({ ok: false, scenarios: [{ status: 'failed', failures: [{ check }] }] })
    expect(await run(() => Promise.resolve())).toMatchObject(failedAt('at least one check'))
    expect(await run(() => Promise.reject(new Error('broken')))).toMatchObject(failedAt('the scenario runs to its end'))
    expect(await run(() => new Promise(() => undefined))).toMatchObject(failedAt('the scenario runs to its end'))
  })

  it('is not passed by asking for a scenario that does not exist', async () => {
    expect(await inboxConformance({ name: 'memory', create: memoryInboxPlace, only: ['IN-99'] })).toMatchObject({ ok: false })
  })
})
