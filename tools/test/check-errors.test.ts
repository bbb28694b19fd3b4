import { expect, test } from 'vitest'
import { checkErrors } from '../src/check-errors/check-errors.ts'
import { documentedCodes } from '../src/check-errors/codes.ts'
import { sound } from '../src/check-errors/mistakes.ts'
import { plantedTree } from '../src/planted-tree.ts'

test('counts the codes, what is documented and what was provoked', () => {
  using tree = plantedTree(sound)
  expect(checkErrors(tree.root)).toEqual({ line: '2 codes, 2 documented, 2 provoked', held: 2, problems: [] })
})

test('takes a heading or the first cell of a row for documentation, and a mention in the text for none', () => {
  expect(documentedCodes('## `WAYBILL_A`\n\n| `WAYBILL_B` | see WAYBILL_C |\n|WAYBILL_D|\n\nWAYBILL_E is named.\n')).toEqual([
    'WAYBILL_A',
    'WAYBILL_B',
    'WAYBILL_D',
  ])
})

test('takes an advice beside the message for what to do', () => {
  const record = (more: object) => ({
    'packages/one/reports/unit-errors/door.json': {
      file: 'a',
      errors: [{ code: 'WAYBILL_LOCKED', message: 'The door is locked (WAYBILL_LOCKED)', cause: false, ...more }],
    },
  })
  const problems = (more: object): readonly string[] => {
    using tree = plantedTree({ ...sound, ...record(more) })
    return checkErrors(tree.root).problems.filter((problem) => problem.includes('what to do'))
  }
  expect(problems({ advice: 'knock' })).toEqual([])
  expect(problems({})).toHaveLength(1)
})
