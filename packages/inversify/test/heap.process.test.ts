import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const limitBytes = 5 * 1024 * 1024

it('leaves the heap as it was after 100,000 messages, with an instance in message scope for each', async () => {
  const program = fileURLToPath(new URL('fixtures/heap.js', import.meta.url))
  const growths: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program])
    const { handled, disposed, growthBytes } = JSON.parse(stdout) as { handled: number; disposed: number; growthBytes: number }
    expect({ handled, disposed }).toEqual({ handled: 110_000, disposed: 110_000 })
    growths.push(growthBytes)
  }
  const [, median = Number.POSITIVE_INFINITY] = growths.toSorted((a, b) => a - b)
  expect(median).toBeLessThan(limitBytes)
})
