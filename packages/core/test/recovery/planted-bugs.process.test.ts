import { describe, expect, it } from 'vitest'
import { runPlanted } from '../support/planted-bug.js'
import { plantedBugs } from './planted-bugs.js'

const module = new URL('./property.ts', import.meta.url)
const seeds = [1, 2]

describe('a bug in recovery fails its property', () => {
  it.each(plantedBugs.map((planted) => [planted.bug, planted] as const))('%s', async (_, { bug, says, ...patch }) => {
    for (const seed of seeds) {
      const { failure } = await runPlanted(module, { runs: 1_000, seed }, patch)
      console.log(`planted: ${bug}\n${failure}`)
      expect(failure).toContain(says)
      expect(failure).toContain(`WAYBILL_SEED=${seed}`)
    }
  })

  it('and without one the same runs hold', async () => {
    for (const seed of seeds) {
      const { failure, runs } = await runPlanted(module, { runs: 1_000, seed })
      expect({ failure, runs }).toEqual({ runs: 1_000 })
    }
  })
})
