import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capture } from '../src/execute.ts'
import { repository } from '../src/workspace.ts'

test.for([
  ['check-errors', '7 planted, 7 caught'],
  ['check-docs', '15 planted, 15 caught'],
  ['check-packages', '8 planted, 8 caught'],
] as const)('%s catches every planted mistake, and is silent where all is in order', ([check, lastLine]) => {
  const proof = join(tmpdir(), `${check}-${process.pid}.json`)
  const { code, stdout, output } = capture('node', [`tools/src/${check}.ts`, '--selftest', '--json', proof], { cwd: repository })
  expect({ code, lastLine: stdout.trimEnd().split('\n').at(-1), output }).toMatchObject({ code: 0, lastLine })
  expect(JSON.parse(readFileSync(proof, 'utf8'))).toMatchObject({ ok: true, counts: { failed: 0, skipped: 0 } })
  rmSync(proof)
})
