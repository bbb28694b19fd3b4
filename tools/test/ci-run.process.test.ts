import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { capture } from '../src/execute.ts'
import { repository } from '../src/workspace.ts'

// Stands for `npx -y pnpm@12.21.0 COMMAND`: notes what it was called with, writes the proof that `test` is asked for, fails where it is told to.
const npx = `#!/usr/bin/env bash
shift 2
echo "$*" >> called
if [ "$1" = test ]; then echo '{ "counts": { "passed": 700, "failed": 0, "skipped": 0 } }' > "$3"; fi
[ "$1" != "$(cat fails)" ]
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ci läuft '))
  for (const folder of ['bin', '.ci', 'tools']) mkdirSync(join(root, folder))
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
  cpSync(join(repository, '.ci/run'), join(root, '.ci/run'))
  cpSync(join(repository, 'tools/src'), join(root, 'tools/src'), { recursive: true })
  cpSync(join(repository, 'package.json'), join(root, 'package.json'))
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'))
  writeFileSync(join(root, '.ci/floor'), '713\n')
  writeFileSync(join(root, 'bin/npx'), npx)
  chmodSync(join(root, 'bin/npx'), 0o755)
})
afterEach(() => rmSync(root, { recursive: true }))

function run(fails: string) {
  writeFileSync(join(root, 'fails'), fails)
  const { code, stdout } = capture('bash', ['.ci/run'], { cwd: root, env: { PATH: `${join(root, 'bin')}:${process.env['PATH']}` } })
  return { code, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) }
}

test('runs each part, prints it with its seconds, and ends with what all of them counted', () => {
  const { code, stdout, lastLine } = run('nothing')
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '713 passed, 0 failed, 0 skipped' })
  expect(stdout).toMatch(/^test +\d+ +700 +0 +0$/m)
  const called = readFileSync(join(root, 'called'), 'utf8')
    .split('\n')
    .map((line) => line.split(' --json')[0])
  expect(called.filter(Boolean)).toEqual([
    'install --frozen-lockfile',
    'test',
    'conformance memory',
    'conformance checkers',
    'conformance mutants',
    'guarantees --check',
    'lint',
    'format:check',
    'test:types',
    'lint:deps',
    'lint:deps --selftest',
    'check:packages',
    'check:errors',
    'check:docs',
  ])
})

test.for(['conformance', 'guarantees', 'lint', 'format:check', 'test:types', 'check:packages', 'check:docs', 'test'])('ends with 1 when %s fails', (part) => {
  const { code, lastLine } = run(part)
  expect(code).toBe(1)
  expect(lastLine).toMatch(/^\d+ passed, [1-4] failed, 0 skipped$/)
})

test('ends with 1 when the packages cannot be installed', () => {
  rmSync(join(root, 'node_modules'), { recursive: true })
  expect(run('install')).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed, 0 skipped' })
})
