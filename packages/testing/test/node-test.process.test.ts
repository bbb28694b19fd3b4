import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('runs under node:test, and lets its process end', async () => {
  const program = fileURLToPath(new URL('fixtures/service.js', import.meta.url))
  // A child of node:test reports to its parent instead of to us.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', program], { env, timeout: 60_000 })
  expect(stdout).toMatch(/^# pass 2$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
})
