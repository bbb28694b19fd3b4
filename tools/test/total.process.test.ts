import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { capture } from '../src/execute.ts'
import { writeProof } from '../src/proof.ts'
import { repository } from '../src/workspace.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'total '))
  mkdirSync(join(folder, 'parts'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const proven = (name: string, passed: number, failed = 0, skipped = 0): void =>
  writeProof(join(folder, 'parts', `${name}.json`), { command: name, versions: {}, ok: failed === 0, counts: { passed, failed, skipped } })

function total(lines: readonly string[], { floor = 10, limit = 2700 } = {}) {
  writeFileSync(join(folder, 'parts/parts.tsv'), `${lines.join('\n')}\n`)
  writeFileSync(join(folder, 'floor'), `${floor}\n`)
  const { code, stdout } = capture(
    'node',
    [
      join(repository, 'tools/src/total.ts'),
      '--parts',
      join(folder, 'parts'),
      '--floor',
      join(folder, 'floor'),
      '--limit-seconds',
      String(limit),
      '--json',
      join(folder, 'ci.json'),
    ],
    { cwd: folder },
  )
  return { code, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) }
}

test('adds up the proofs and prints each part with its seconds', () => {
  proven('test', 20, 0, 1)
  proven('types', 42)
  const { code, stdout, lastLine } = total(['test\t0\t61', 'types\t0\t9', 'format\t0\t1'])
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '63 passed, 0 failed, 1 skipped' })
  expect(stdout).toMatch(/^test +61 +20 +0 +1$/m)
  expect(stdout).toMatch(/^together +71 +63 +0 +1$/m)
  expect(JSON.parse(readFileSync(join(folder, 'ci.json'), 'utf8'))).toMatchObject({ ok: true, counts: { passed: 63, failed: 0, skipped: 1 } })
})

test('ends with 1 when a proof counts a failure', () => {
  proven('test', 20, 2)
  expect(total(['test\t1\t61'])).toMatchObject({ code: 1, lastLine: '20 passed, 2 failed, 0 skipped' })
})

test('ends with 1 when a part fails whose proof counts no failure', () => {
  proven('test', 20)
  expect(total(['test\t1\t61'])).toMatchObject({ code: 1, lastLine: '20 passed, 1 failed, 0 skipped' })
})

test('ends with 1 when a part fails without a proof', () => {
  proven('test', 20)
  expect(total(['test\t0\t61', 'format\t1\t1'])).toMatchObject({ code: 1, lastLine: '20 passed, 1 failed, 0 skipped' })
})

test('ends with 1 when fewer passed than the floor wants', () => {
  proven('test', 20)
  const { code, stdout, lastLine } = total(['test\t0\t61'], { floor: 21 })
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '20 passed, 1 failed, 0 skipped' })
  expect(stdout).toContain('20 passed, and .ci/floor wants 21')
})

test('ends with 1 when the parts took longer than the limit', () => {
  proven('test', 20)
  expect(total(['test\t0\t61'], { limit: 60 })).toMatchObject({ code: 1, lastLine: '20 passed, 1 failed, 0 skipped' })
})
