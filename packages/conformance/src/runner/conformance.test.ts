import { describe, expect, it } from 'vitest'
import { memoryHarness } from '../memory/memory-harness.js'
import type { Scenario } from '../scenarios/scenario.js'
import { conformance } from './conformance.js'

const passing: Scenario = { id: 'XX-01', title: 'passes', group: 'DS', tier: 'T1', deliveries: 0, run: async (lab) => void lab.check('yes').isTrue(true) }
const failing: Scenario = { ...passing, id: 'XX-02', run: async (lab) => void lab.check('no').isTrue(false) }
const durable: Scenario = { ...passing, id: 'XX-03', group: 'FT', needs: ['broker-durability'] }
const pin = (scenario: string, flag: string) => ({ scenario, transport: 'memory', flag, reason: 'a test' })

const run = (given: readonly Scenario[], options: Partial<Parameters<typeof conformance>[0]> = {}) =>
  conformance({ ...memoryHarness, scenarios: given, ...options })

describe('the suite', () => {
  it('counts what passed, failed and was skipped, and is ok without a failure', async () => {
    expect(await run([passing, durable])).toMatchObject({ transport: 'memory', ok: true, counts: { passed: 1, failed: 0, skipped: 1 } })
    expect(await run([passing, failing, durable])).toMatchObject({ ok: false, counts: { passed: 1, failed: 1, skipped: 1 } })
  })

  it('is not ok when it ran nothing', async () => {
    expect(await run([passing], { only: ['XX-99'] })).toMatchObject({ ok: false, scenarios: [] })
  })

  it('runs the groups and the ids that it is asked for, as often as it is asked', async () => {
    const report = await run([passing, durable], { groups: ['DS'], repeat: 3 })
    expect(report.scenarios.map(({ id }) => id)).toEqual(['XX-01', 'XX-01', 'XX-01'])
    expect((await run([passing, durable], { only: ['XX-03'] })).scenarios.map(({ id }) => id)).toEqual(['XX-03'])
  })

  it('fails on a skip that is not allowed, and on one that is allowed for another reason', async () => {
    expect((await run([durable], { allowedSkips: [] })).scenarios).toMatchObject([{ status: 'failed', failures: [{ check: 'the skip is allowed' }] }])
    expect((await run([durable], { allowedSkips: [pin('XX-03', 'replies')] })).ok).toBe(false)
    expect((await run([durable], { allowedSkips: [pin('XX-03', 'broker-durability')] })).counts).toEqual({ passed: 0, failed: 0, skipped: 1 })
  })

  it('fails on an allowed skip that would pass, and lets none hide a failure', async () => {
    expect((await run([passing], { allowedSkips: [pin('XX-01', 'replies')] })).scenarios).toMatchObject([
      { status: 'failed', failures: [{ check: 'the allowed skip is needed' }] },
    ])
    expect((await run([failing], { allowedSkips: [pin('XX-02', 'replies')] })).scenarios).toMatchObject([
      { status: 'failed', failures: [{ check: 'no' }, { check: 'the allowed skip is needed' }] },
    ])
  })

  it('gives the same chance to the same seed, and another one to another', async () => {
    const drawn: number[] = []
    const drawing: Scenario = { ...passing, run: async (lab) => void lab.check('drawn').atLeast(drawn.push(lab.random.next()), 1) }
    await run([drawing], { seed: 7 })
    await run([drawing], { seed: 7 })
    await run([drawing], { seed: 8 })
    expect(drawn[0]).toBe(drawn[1])
    expect(drawn[2]).not.toBe(drawn[0])
  })

  it('tells the seed of each run, with which it can be repeated alone', async () => {
    const drawn: number[] = []
    const drawing: Scenario = { ...passing, run: async (lab) => void lab.check('drawn').atLeast(drawn.push(lab.random.next()), 1) }
    const { scenarios } = await run([drawing], { seed: 3, repeat: 3 })
    expect(scenarios.map(({ seed }) => seed)).toEqual([3, 4, 5])
    await run([drawing], { seed: 5 })
    expect(drawn[3]).toBe(drawn[2])
  })
})
