import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

const run = promisify(execFile)
const tutorial = fileURLToPath(new URL('../tutorial/', import.meta.url))
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
const program = (name: string): Promise<{ stdout: string; stderr: string }> => run(process.execPath, [`dist/${name}.js`], { cwd: tutorial })

beforeAll(async () => {
  await run(process.execPath, [compiler, '-p', '.'], { cwd: tutorial })
})

it('places an order', async () => {
  expect(await program('main')).toEqual({ stdout: 'order number 1\n', stderr: '' })
})

it('writes an invoice in a second service, and keeps the one that cannot be written', async () => {
  const { stdout, stderr } = await program('two-services')
  expect(stdout).toBe('invoice over 99, attempt 1\ndead letter: orders.order-placed after 4 attempts: the printer has no paper\n')
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly level: string; readonly attempt: number })
  expect(lines.map(({ level, attempt }) => `${level} ${attempt}`)).toEqual(['warn 1', 'warn 2', 'warn 3', 'error 4'])
})

it('refuses data that does not fit', async () => {
  await expect(program('wrong-data')).rejects.toMatchObject({ stderr: expect.stringContaining('orderId: Invalid UUID; total: ') as unknown })
})
