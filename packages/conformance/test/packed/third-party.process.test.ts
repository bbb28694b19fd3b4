import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flag } from '../../src/harness/flags.js'
import type { ScenarioResult } from '../../src/runner/result.js'
import { scenarios } from '../../src/scenarios/index.js'
import { installApplication, type Application } from './installed-application.js'

/** What the transport and its harness have, by their own declaration. */
const has: ReadonlySet<Flag> = new Set<Flag>(['private-address', 'replies', 'individual-settlement', 'unroutable-detected', 'virtual-time'])

interface Report {
  readonly ok: boolean
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number }
  readonly failed: readonly Pick<ScenarioResult, 'id' | 'failures'>[]
  readonly skipped: readonly { readonly id: string; readonly flag: string }[]
}

let application: Application

beforeAll(async () => {
  const { default: zod } = (await import('zod/package.json', { with: { type: 'json' } })) as { readonly default: { readonly version: string } }
  application = await installApplication(zod.version)
})
afterAll(() => application.remove())

describe('the suite from its tarball, on a transport by a stranger', () => {
  it('compiles with strict settings and every declaration checked', async () => {
    expect(await application.compile()).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('proves a transport of at most 150 lines, which imports nothing of ours but types', () => {
    const source = (file: string): string => readFileSync(join(application.folder, 'waybill-pigeon', file), 'utf8')
    expect(source('index.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(150)
    expect(source('index.js')).not.toContain('@waybill')
  })

  it('gives the counts that its capabilities predict', async () => {
    const { code, stdout, stderr } = await application.run('main.js')
    const report = JSON.parse(stdout) as Report
    const predicted = scenarios.flatMap(({ id, needs = [] }) => {
      const flag = needs.find((each) => !has.has(each))
      return flag === undefined ? [] : [{ id, flag }]
    })
    expect(report.failed).toEqual([])
    expect(report.skipped).toEqual(predicted)
    expect(report.counts).toEqual({ passed: scenarios.length - predicted.length, failed: 0, skipped: predicted.length })
    expect({ code, stderr, ok: report.ok }).toEqual({ code: 0, stderr: '', ok: true })
  })

  it('fails with a planted fault, by the id of the scenario and the name of the check', async () => {
    const { code, stdout } = await application.run('planted.js')
    const { ok, failed } = JSON.parse(stdout) as Pick<Report, 'ok' | 'failed'>
    expect({ code, ok }).toEqual({ code: 1, ok: false })
    const fidelity = failed.find(({ id }) => id === 'DS-01')
    expect(fidelity?.failures.map(({ check }) => check)).toContain('each is handled exactly once')
  })

  it('brings the command that proves the transport in memory, and ends with 1 on a planted fault', async () => {
    const { code, stdout } = await application.command('waybill-conformance', 'memory', '--only', 'DS-01,RR-01')
    expect(stdout).toMatch(/memory: 2 passed, 0 failed, 0 skipped\n$/)
    expect(code).toBe(0)
    const sabotaged = await application.command('waybill-conformance', 'memory', '--only', 'DS-01', '--sabotage', 'duplicate')
    expect(sabotaged.stdout).toContain('DS-01  failed')
    expect(sabotaged.stdout).toContain('✗ each is handled exactly once')
    expect(sabotaged.stdout).toMatch(/memory: 0 passed, 1 failed, 0 skipped\n$/)
    expect(sabotaged.code).toBe(1)
  })
})
