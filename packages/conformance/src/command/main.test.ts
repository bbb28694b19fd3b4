import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fromJsonLines } from '../history/json-lines.js'
import { main } from './main.js'

async function run(...argv: string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = []
  return { code: await main(argv, (line) => void lines.push(line)), lines }
}

describe('the command', () => {
  it('ends with the counts, and with 0 when all pass', async () => {
    const { code, lines } = await run('memory', '--only', 'DS-06,RR-01')
    expect(lines.at(-1)).toBe('memory: 2 passed, 0 failed, 0 skipped')
    expect(code).toBe(0)
  })

  it('writes the results as JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'report.json')
    await run('memory', '--only', 'DS-06', '--seed', '5', '--repeat', '2', '--json', file)
    const report: unknown = JSON.parse(await readFile(file, 'utf8'))
    expect(report).toMatchObject({
      command: 'memory',
      seed: 5,
      ok: true,
      counts: { passed: 2, failed: 0, skipped: 0 },
      versions: { node: process.versions.node },
    })
    expect((report as { readonly scenarios: readonly object[] }).scenarios[0]).toMatchObject({
      id: 'DS-06',
      tier: 'T1',
      status: 'passed',
      delivered: 2,
      faults: [],
    })
  })

  it('writes the history of each scenario as lines of JSON', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'conformance-')), 'histories')
    onTestFinished(() => rm(join(folder, '..'), { recursive: true }))
    await run('memory', '--only', 'DS-06', '--history', folder)
    const history = fromJsonLines(await readFile(join(folder, 'DS-06.jsonl'), 'utf8'))
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1))
    expect(history.filter(({ kind }) => kind === 'started')).toHaveLength(3)
  })

  it.each([
    ['drop', 'CC-01', 'each is handled once, by one of them'],
    ['duplicate', 'DS-01', 'each is handled exactly once'],
    ['ack-first', 'FT-04', 'nothing is lost'],
  ])('finds the planted fault %s, names the scenario and the check, and ends with 1', async (name, scenario, check) => {
    const { code, lines } = await run('memory', '--only', scenario, '--sabotage', name)
    expect(code).toBe(1)
    expect(lines[0]).toContain(`${scenario}  failed`)
    expect(lines).toContain(`  ✗ ${check}`)
    expect(lines.at(-1)).toBe('memory: 0 passed, 1 failed, 0 skipped')
  })

  it('prints the table of the checkers', async () => {
    const { code, lines } = await run('checkers')
    expect(lines.join('\n')).toMatch(/checkers: \d+ passed, 0 failed, 0 skipped$/)
    expect(code).toBe(0)
  })

  it('ends with 2 when it is asked for what it does not know', async () => {
    for (const argv of [['memory', '--sabotage', 'nothing'], ['memory', '--seed', 'x'], ['memory', '--unknown'], ['rabbits'], []]) {
      const { code, lines } = await run(...argv)
      expect(code).toBe(2)
      expect(lines.at(-1)).toContain('conformance memory')
    }
  })

  it.each([
    ['--only', 'DS-06,RR-99', '--only cannot be "RR-99": there are RR-01, '],
    ['--only', 'nonsense', '--only cannot be "nonsense": there are DS-01, '],
    ['--groups', 'DS,XX', '--groups cannot be "XX": there are DS, CC, '],
    ['--json', '/nowhere/at/all.json', '--json cannot be "/nowhere/at/all.json": ENOENT'],
    ['--history', '/dev/null/histories', '--history cannot be "/dev/null/histories": '],
  ])('ends with 2 before it runs anything when %s is %s', async (option, value, text) => {
    const { code, lines } = await run('memory', ...(option === '--only' ? [] : ['--only', 'DS-06']), option, value)
    expect(code).toBe(2)
    expect(lines[0]).toContain(text)
    expect(lines.filter((line) => line.includes('DS-06  '))).toEqual([])
  })

  it('names the seed of a run that fails', async () => {
    const { lines } = await run('memory', '--only', 'DS-01', '--seed', '7', '--repeat', '2', '--sabotage', 'duplicate')
    expect(lines.filter((line) => line.startsWith('DS-01')).map((line) => /with seed \d+/.exec(line)?.[0])).toEqual(['with seed 7', 'with seed 8'])
  })

  it('ends with 1 when no scenario was chosen', async () => {
    const { code, lines } = await run('memory', '--only', 'RR-01', '--groups', 'DS')
    expect(code).toBe(1)
    expect(lines).toContain('no scenario was chosen: look at --groups and --only')
  })
})
