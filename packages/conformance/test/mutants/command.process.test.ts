import { describe, expect, it } from 'vitest'
import { runMutants } from '../../src/mutants/command.js'
import { mutants } from '../../src/mutants/index.js'

describe('runMutants', () => {
  it('finds a fault of either kind with the scenario that is named for it', async () => {
    const chosen = mutants.filter(({ name }) => name === 'drop' || name === 'never-abort')
    const { text, ok } = await runMutants({ mutants: chosen, seeds: 2 })
    expect(text).toMatch(/mutants: 2 killed, 0 alive$/)
    expect(ok).toBe(true)
  })
})
