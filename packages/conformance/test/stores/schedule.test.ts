import { describe, expect, it } from 'vitest'
import { memorySchedulePlace } from '../../src/stores/schedule/memory-schedule-place.js'
import { scheduleConformance, scheduleScenarios } from '../../src/stores/schedule/schedule-conformance.js'
import { scheduleMutants, withScheduleMutant } from '../../src/stores/schedule/schedule-mutants.js'
import type { SchedulePlace } from '../../src/stores/schedule/schedule-place.js'

/** As a store on another machine is: it cannot be watched. */
async function unwatchedPlace(): Promise<SchedulePlace> {
  const place = await memorySchedulePlace()
  return {
    close: () => place.close(),
    async open() {
      const store = await place.open()
      return {
        durability: 'disk',
        add: (...given) => store.add(...given),
        claim: (...given) => store.claim(...given),
        sent: (...given) => store.sent(...given),
        giveBack: (...given) => store.giveBack(...given),
        cancel: (...given) => store.cancel(...given),
      }
    },
  }
}

describe('the suite of schedule stores', () => {
  it.each([
    ['the memory store', memorySchedulePlace],
    ['a store that cannot be watched', unwatchedPlace],
  ])('has scenarios with ids of their own, and %s passes each', async (name, create) => {
    const report = await scheduleConformance({ name, create })
    expect(report.scenarios.flatMap(({ id, failures }) => failures.map((failure) => ({ id, ...failure })))).toEqual([])
    expect(report.scenarios.filter(({ checks }) => checks === 0)).toEqual([])
    expect(report).toMatchObject({ ok: true, counts: { passed: scheduleScenarios.length, failed: 0 } })
    expect(new Set(scheduleScenarios.map(({ id }) => id)).size).toBe(scheduleScenarios.length)
    expect(scheduleScenarios.length).toBeGreaterThanOrEqual(20)
  })

  it.each(scheduleMutants)('finds the store that $name, in $killedBy, by an assertion', async (mutant) => {
    const only = [mutant.killedBy]
    expect(await scheduleConformance({ name: 'memory', create: memorySchedulePlace, only })).toMatchObject({ ok: true })
    const report = await scheduleConformance({ name: mutant.name, create: async () => withScheduleMutant(await memorySchedulePlace(), mutant), only })
    expect(report.ok).toBe(false)
    expect(new Set(report.scenarios.flatMap(({ failures }) => failures.map(({ kind }) => kind)))).toEqual(new Set(['check']))
  })
})
