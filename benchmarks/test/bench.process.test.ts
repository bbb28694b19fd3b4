import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

interface Report {
  readonly command: string
  readonly versions: Readonly<Record<string, string>>
  readonly seed: number
  readonly ok: boolean
  readonly counts: Readonly<Record<'passed' | 'failed' | 'skipped', number>>
  readonly rows: readonly {
    readonly name: string
    readonly nanoseconds: Spread
    readonly iterations: number
    readonly handled: number
    readonly target?: { readonly measured: Spread; readonly atMost: number; readonly met: boolean }
  }[]
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchmarks ü '))
})
afterAll(() => rm(folder, { recursive: true }))

function bench(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url)), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr })))
}

async function report(...args: string[]): Promise<Ended & { readonly report: Report }> {
  const file = join(folder, 'deeper', `${args.length}.json`)
  const ended = await bench('core', '--quick', '--json', file, ...args)
  return { ...ended, report: JSON.parse(await readFile(file, 'utf8')) as Report }
}

const lastLine = ({ stdout }: Ended): string => stdout.trimEnd().split('\n').at(-1) ?? ''

describe('pnpm bench core', () => {
  it('handles in every row what it was asked for, and says what each cost', async () => {
    const { code, stdout, report: told } = await report('--seed', '7')
    expect(code).toBe(0)
    expect(told).toMatchObject({ command: 'bench core', seed: 7, ok: true, counts: { passed: told.rows.length, failed: 0, skipped: 0 } })
    expect(told.versions['node']).toBe(process.versions.node)
    expect(told.rows.length).toBeGreaterThanOrEqual(15)
    expect(told.rows.filter(({ name }) => !stdout.includes(name))).toEqual([])
    expect(told.rows.filter(({ handled, iterations }) => handled !== iterations || iterations < 1)).toEqual([])
    expect(told.rows.filter(({ nanoseconds: { min, median, max } }) => !(min > 0 && min <= median && median <= max))).toEqual([])
    const targets = told.rows.flatMap(({ target }) => target ?? [])
    expect(targets).toHaveLength(7)
    expect(targets.map(({ met }) => met)).toEqual(targets.map(({ measured, atMost }) => measured.median <= atMost))
  })

  it('ends with its counts', async () => {
    const ended = await bench('core', '--quick')
    expect(lastLine(ended)).toMatch(/^bench core: \d+ passed, 0 failed, 0 skipped$/)
  })

  it('fails by name where a candidate handles fewer', async () => {
    const ended = await report('--sabotage', 'message → settlement')
    expect(ended.code).toBe(1)
    expect(ended.stdout).toMatch(/WRONG {3}message → settlement handled \d+ of \d+/)
    expect(lastLine(ended)).toBe(`bench core: ${ended.report.rows.length - 1} passed, 1 failed, 0 skipped`)
    expect(ended.report).toMatchObject({ ok: false, counts: { failed: 1 } })
    const wrong = ended.report.rows.filter(({ handled, iterations }) => handled !== iterations)
    expect(wrong.map(({ name }) => name)).toEqual(['message → settlement'])
  })

  it('refuses to sabotage what is not there', async () => {
    const { code, stderr } = await bench('core', '--quick', '--sabotage', 'nobody')
    expect(code).toBe(1)
    expect(stderr).toContain('--sabotage "nobody" names no candidate. There are: a bare call · ')
  })

  it.each([
    [['cores'], 'There is no benchmark "cores". There is: core'],
    [[], 'There is no benchmark "". There is: core'],
    [['core', '--seed=-1'], '--seed must be a whole number from 0, got "-1"'],
    [['core', '--sed', '2'], "Unknown option '--sed'"],
  ])('refuses %j', async (args, said) => {
    const { code, stderr } = await bench(...args)
    expect(code).toBe(1)
    expect(stderr).toContain(said)
  })
})
