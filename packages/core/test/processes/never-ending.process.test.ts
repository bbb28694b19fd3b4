import { expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'
import { programPath } from './program-path.js'

it('a handler that never ends is given up at the deadline of the stop, is no failure, and keeps no process alive', async () => {
  const { code, stdout } = await runProgram(process.execPath, [programPath('never-ending')], { env: { NODE_NO_WARNINGS: '1' } })
  expect(code).toBe(0)
  const stop = { unfinished: [{ endpoint: 'shop', handler: 'shop.note', messageId: 'first' }], inTime: true, atDeadline: true }
  expect(JSON.parse(stdout)).toEqual({
    stops: Array.from({ length: 5 }, () => stop),
    // Given back each time to where it was, and counted as no attempt; what waited behind it has never started.
    started: Array.from({ length: 5 }, () => '1 1'),
    attempts: [],
    aborted: Array.from({ length: 5 }, () => 'AbandonedError'),
    depth: { ready: 2, unsettled: 0, delayed: 0 },
    deadLetters: 0,
  })
})
