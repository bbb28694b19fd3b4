import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'

const program = (name: string): string => fileURLToPath(new URL(`./programs/${name}.js`, import.meta.url))

it('writes nothing when all is well: start, send, publish, request, stop', async () => {
  expect(await runProgram(process.execPath, [program('well')])).toEqual({ code: 0, stdout: '', stderr: '' })
})

it('writes a failure and a dead letter to stderr, one line of JSON each', async () => {
  const { code, stdout, stderr } = await runProgram(process.execPath, [program('failing')])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  const lines = stderr.split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 'warn', message: 'shop/shop.note failed, again at once', messageId: 'note-1', error: 'again' }),
    expect.objectContaining({ level: 'error', message: 'shop/shop.note dead-lettered a message: unrecoverable', messageId: 'note-1', attempt: 2 }),
  ])
})
