import { describe, expect, it } from 'vitest'
import { runPlanted } from '../support/planted-bug.js'
import { plantedBugs } from './planted-bugs.js'

const module = new URL('./property.ts', import.meta.url)
const seeds = [1, 2]

describe('a bug in recovery fails its property', () => {
  it.each(plantedBugs.map((planted) => [planted.bug, planted] as const))('%s', async (_, { bug, says, ...patch }) => {
    const reports = await Promise.all(seeds.map((seed) => runPlanted(module, { runs: 1_000, seed }, patch)))
    reports.forEach(({ found, failure }, index) => {
      console.log(`planted: ${bug}\n${failure}`)
      expect(found).toMatch(says)
      expect(failure).toContain(`WAYBILL_SEED=${seeds[index]}`)
    })
  })

  it('and without one the same runs hold', async () => {
    const reports = await Promise.all(seeds.map((seed) => runPlanted(module, { runs: 1_000, seed })))
    expect(reports.map(({ failure, runs }) => ({ failure, runs }))).toEqual(seeds.map(() => ({ runs: 1_000 })))
  })
})
