import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capture } from '../src/execute.ts'
import { repository } from '../src/workspace.ts'
import { smallWorkspace, type SmallWorkspace } from './small-workspace.ts'

const command = join(repository, 'tools/src/test.ts')
const run = ({ root }: SmallWorkspace) => {
  const { code, stdout, output } = capture('node', [command, '--root', root, '--json', join(root, 'tests.json')], { cwd: root })
  return { code, output, lastLine: stdout.trimEnd().split('\n').at(-1) }
}

test('passes a workspace whose tests pass, takes the unit tests from the cache the next time and never those of another process', () => {
  using workspace = smallWorkspace()
  expect(run(workspace)).toMatchObject({ code: 0, lastLine: '2 passed, 0 failed, 0 skipped' })
  expect(JSON.parse(readFileSync(join(workspace.root, 'tests.json'), 'utf8'))).toMatchObject({
    command: 'test',
    ok: true,
    counts: { passed: 2, failed: 0, skipped: 0 },
  })

  const again = run(workspace)
  expect(again).toMatchObject({ code: 0, lastLine: '2 passed, 0 failed, 0 skipped' })
  expect(again.output).toMatch(/one:test: cache hit/)
  expect(again.output).toMatch(/one:test:process: cache bypass/)
})

test.for([
  [
    'a failing test',
    { 'packages/one/src/planted.test.ts': "import { expect, it } from 'vitest'\nit('is wrong', () => expect(1).toBe(2))\n" },
    '2 passed, 1 failed, 0 skipped',
    'is wrong',
  ],
  [
    'a failing test in another process',
    { 'packages/one/test/planted.process.test.ts': "import { expect, it } from 'vitest'\nit('is wrong', () => expect(1).toBe(2))\n" },
    '2 passed, 1 failed, 0 skipped',
    'is wrong',
  ],
  [
    'a skipped test',
    { 'packages/one/src/planted.test.ts': "import { it } from 'vitest'\nit('runs', () => undefined)\nit.skip('is left out', () => undefined)\n" },
    '3 passed, 1 failed, 1 skipped',
    'src/planted.test.ts skips "is left out"',
  ],
  ['an empty test file', { 'packages/one/src/planted.test.ts': '' }, '2 passed, 1 failed, 0 skipped', 'src/planted.test.ts'],
  [
    'a test file outside of every project',
    { 'packages/one/other/planted.test.ts': "import { it } from 'vitest'\nit('runs', () => undefined)\n" },
    '2 passed, 1 failed, 0 skipped',
    'other/planted.test.ts was run by no project',
  ],
  [
    'a test file outside of every package',
    { 'planted.test.ts': "import { it } from 'vitest'\nit('runs', () => undefined)\n" },
    '2 passed, 1 failed, 0 skipped',
    'planted.test.ts belongs to no package',
  ],
  [
    'a file that throws when it is imported',
    { 'packages/one/src/planted.test.ts': "throw new Error('no')\n" },
    '2 passed, 1 failed, 0 skipped',
    'src/planted.test.ts did not run to its end',
  ],
  [
    'an error that no test awaits',
    { 'packages/one/src/planted.test.ts': "import { it } from 'vitest'\nit('runs', () => void Promise.reject(new Error('late')))\n" },
    '3 passed, 1 failed, 0 skipped',
    'A test run failed without saying so',
  ],
] as const)('ends with 1 for %s', ([, planted, lastLine, said]) => {
  using workspace = smallWorkspace(planted)
  const result = run(workspace)
  expect(result.output).toContain(said)
  expect(result).toMatchObject({ code: 1, lastLine })
})

test('runs the tests of a workspace that does not build, and ends with 1', () => {
  using workspace = smallWorkspace({ 'packages/one/src/wrong.ts': "export const one: number = 'one'\n" })
  const result = run(workspace)
  expect(result.output).toContain('The build failed')
  expect(result).toMatchObject({ code: 1, lastLine: '2 passed, 1 failed, 0 skipped' })
})

test('lets a skip pass that is pinned with its reason, and refuses the entry when nothing is skipped', () => {
  const pinned = {
    'tools/allowed-skips.json': JSON.stringify([{ file: 'packages/one/src/planted.test.ts', test: 'is left out', because: 'it needs a tape drive' }]),
  }
  using workspace = smallWorkspace({
    ...pinned,
    'packages/one/src/planted.test.ts': "import { it } from 'vitest'\nit('runs', () => undefined)\nit.skip('is left out', () => undefined)\n",
  })
  expect(run(workspace)).toMatchObject({ code: 0, lastLine: '3 passed, 0 failed, 1 skipped' })

  workspace.write({ 'packages/one/src/planted.test.ts': "import { it } from 'vitest'\nit('runs', () => undefined)\n" })
  const stale = run(workspace)
  expect(stale.output).toContain('which is not skipped')
  expect(stale).toMatchObject({ code: 1, lastLine: '3 passed, 1 failed, 0 skipped' })
})

test('refuses a package that does not exist, with the names of those that do', () => {
  using workspace = smallWorkspace()
  const { code, output } = capture('node', [command, '--root', workspace.root, 'two'], { cwd: workspace.root })
  expect({ code, output }).toEqual({ code: 1, output: 'No package is named two. There are @small/one\n' })
})
