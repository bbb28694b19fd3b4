import { expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'
import { programPath } from './program-path.js'

interface Left {
  readonly timeouts: number
  readonly late: number
  readonly pending: number
  readonly timers: number
  readonly grownBytes: number
  readonly resources: readonly string[]
  readonly depth: object
}

it('ten thousand requests whose replies come 1 ms late leave nothing: no wait, no timer, no memory', async () => {
  const grown: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const { code, stdout, stderr } = await runProgram(process.execPath, ['--expose-gc', programPath('late-replies')])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { grownBytes, ...left } = JSON.parse(stdout) as Left
    expect(left).toEqual({ timeouts: 10_000, late: 10_000, pending: 0, timers: 0, resources: [], depth: { ready: 0, unsettled: 0, delayed: 0 } })
    grown.push(grownBytes)
  }
  const [, median] = grown.toSorted((a, b) => a - b)
  expect(median).toBeLessThan(2 * 1024 * 1024)
})
