import { describe, expect, it } from 'vitest'
import { runPlanted } from '../support/planted-bug.js'
import { plantedBugs } from './planted-bugs.js'

const modules = { lanes: new URL('./lanes-property.ts', import.meta.url), endpoint: new URL('./endpoint-property.ts', import.meta.url) }
const seeds = [1, 2]

describe('a bug in lanes and prefetch fails its property', () => {
  it.each(plantedBugs.map((planted) => [planted.bug, planted] as const))('%s', async (_, { bug, property, says, ...patch }) => {
    const reports = await Promise.all(seeds.map((seed) => runPlanted(modules[property], { runs: 500, seed }, patch)))
    reports.forEach(({ found, failure }, index) => {
      console.log(`planted: ${bug}\n${failure}`)
      expect(found).toContain(says)
      expect(failure).toContain(`WAYBILL_SEED=${seeds[index]}`)
    })
  })

  it.each(Object.entries(modules))('and without one the same runs of %s hold', async (_, module) => {
    const reports = await Promise.all(seeds.map((seed) => runPlanted(module, { runs: 500, seed })))
    expect(reports.map(({ failure, runs }) => ({ failure, runs }))).toEqual(seeds.map(() => ({ runs: 500 })))
  })
})
