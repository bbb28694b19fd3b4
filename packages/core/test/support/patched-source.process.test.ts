import { expect, it } from 'vitest'
import { runPlanted } from './planted-bug.js'

const module = new URL('../lanes/lanes-property.ts', import.meta.url)
const plant = (find: string, file = '/core/src/runtime/lanes.ts'): Promise<unknown> => runPlanted(module, { runs: 1, seed: 1 }, { file, find, replace: '' })

it('refuses a patch that fits no place, or two, or a file that nobody imports', async () => {
  await expect(plant('was never here')).rejects.toThrow('/core/src/runtime/lanes.ts has no "was never here": a patch is for exactly one place')
  await expect(plant('this.#running -= 1')).rejects.toThrow('/core/src/runtime/lanes.ts has 2 "this.#running -= 1": a patch is for exactly one place')
  await expect(plant('x', '/core/src/recovery/decide.ts')).rejects.toThrow('/core/src/recovery/decide.ts was never imported: the bug was not planted')
})
