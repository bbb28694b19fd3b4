import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('prints the reply and nothing else', async () => {
  const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program])
  expect({ stdout, stderr }).toEqual({ stdout: 'order number 42\n', stderr: '' })
})
