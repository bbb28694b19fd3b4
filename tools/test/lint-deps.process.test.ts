import { expect, test } from 'vitest'
import { capture } from '../src/execute.ts'
import { repository } from '../src/workspace.ts'

test('each planted mistake is caught by its own rule', () => {
  const { code, stdout, output } = capture('node', ['tools/src/lint-deps.ts', '--selftest'], { cwd: repository })
  expect({ code, lastLine: stdout.trimEnd().split('\n').at(-1), output }).toMatchObject({ code: 0, lastLine: '14 planted, 14 caught' })
})
