import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryHarness } from '../memory/memory-harness.js'
import type { ProvenTransport } from '../report/guarantees-page.js'
import { providedBy } from '../report/provided.js'
import { conformance } from '../runner/conformance.js'
import { guaranteesCommand } from './guarantees.js'
import { main } from './main.js'

const prove = (status?: 'failed') => async (): Promise<readonly ProvenTransport[]> => {
  const { scenarios } = await conformance({ ...memoryHarness, only: ['DS-01', 'RR-01'] })
  return [
    { name: 'memory', results: scenarios.map((result) => ({ ...result, ...(status && { status }) })), provided: await providedBy(memoryHarness), skips: [] },
  ]
}

async function run(argv: readonly string[], proving = prove()): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = []
  return { code: await guaranteesCommand(argv, (line) => void lines.push(line), proving), lines }
}

async function page(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guarantees-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'docs', 'guarantees.md')
}

const passed = 'guarantees: 1 passed, 0 failed, 0 skipped'

describe('the command guarantees', () => {
  it('writes the page, finds it as it is, and finds any difference', async () => {
    const file = await page()
    expect(await run([file])).toEqual({ code: 0, lines: [`${file}: written`, passed] })
    expect(await run([file, '--check'])).toEqual({ code: 0, lines: [`${file}: as the suite shows it`, passed] })
    await writeFile(file, (await readFile(file, 'utf8')).replace('| DS-01 ', '| DS-99 '))
    const { code, lines } = await run([file, '--check'])
    expect(code).toBe(1)
    expect(lines.at(-1)).toBe('guarantees: 0 passed, 1 failed, 0 skipped')
    expect(lines.join()).toMatch(/differs from what the suite shows, in line \d+: run `pnpm guarantees`/)
  })

  it('finds a page that is not there', async () => {
    expect(await run([await page(), '--check'])).toMatchObject({ code: 1 })
  })

  it('guarantees nothing while a scenario fails', async () => {
    const { code, lines } = await run([await page()], prove('failed'))
    expect(code).toBe(1)
    expect(lines.slice(0, 2)).toEqual(['memory does not pass DS-01', 'memory does not pass RR-01'])
  })

  it('asks for the file of the page', async () => {
    expect(await main(['guarantees'], () => undefined)).toBe(2)
  })
})
