import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Counts } from './proof.ts'
import { filesOf, packagesOf } from './workspace.ts'

export interface CountedTests {
  readonly counts: Counts
  /** What is wrong beside the tests that failed by themselves; each counts as a failure. */
  readonly problems: readonly string[]
}

/** A skip that is known, and why. */
interface AllowedSkip {
  readonly file: string
  readonly test: string
  readonly because: string
}

interface FileRun {
  readonly file: string
  readonly broken: boolean
  readonly tests: readonly { readonly name: string; readonly status: 'passed' | 'failed' | 'skipped' }[]
}

/** The runs of a package's tests; each writes `reports/<mode>.json`. */
export const runModes = ['unit', 'process'] as const

/** Adds up the JSON reports of the test runs in the workspace at `root`, or in those of its packages whose folders are named. */
export function countTests(root: string, folders: readonly string[] = packagesOf(root).map(({ folder }) => folder)): CountedTests {
  const reports = folders.flatMap((folder) => runModes.map((mode) => join(root, folder, 'reports', `${mode}.json`))).filter((file) => existsSync(file))
  const onDisk = filesOf(root, '**/*.test.{ts,mts,cts,tsx,js,mjs}')
  const mine = onDisk.filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)))
  const homeless = onDisk.filter((file) => !packagesOf(root).some(({ folder }) => file.startsWith(`${folder}/`)))
  const runs = reports.flatMap((report) => readReport(report, onDisk))
  const tests = runs.flatMap((run) => run.tests)
  const problems = [
    ...homeless.map((file) => `${file} belongs to no package, so nothing runs it. Move it into one`),
    ...runs.filter(({ broken }) => broken).map(({ file }) => `${file} did not run to its end. Its error stands in the output above`),
    ...mine.flatMap((file) => idle(file, runs)),
    ...skipProblems(allowedSkips(root), runs, mine),
  ]
  const of = (status: string): number => tests.filter((test) => test.status === status).length
  return { counts: { passed: of('passed'), failed: of('failed') + problems.length, skipped: of('skipped') }, problems }
}

interface RunnerReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

function readReport(path: string, onDisk: readonly string[]): readonly FileRun[] {
  const report = JSON.parse(readFileSync(path, 'utf8')) as RunnerReport
  return report.testResults.map(({ name, status, assertionResults }) => {
    const tests = assertionResults.map((test) => ({ name: test.fullName, status: statusOf(test.status) }))
    return { file: fileOf(name, onDisk), broken: status !== 'passed' && !tests.some((test) => test.status === 'failed'), tests }
  })
}

/** A report names its files by where they were when it was made; one out of a cache may name another checkout. */
const fileOf = (name: string, onDisk: readonly string[]): string =>
  onDisk.find((file) => name === file || name.replaceAll('\\', '/').endsWith(`/${file}`)) ?? name

function statusOf(status: string): 'passed' | 'failed' | 'skipped' {
  return status === 'passed' || status === 'failed' ? status : 'skipped'
}

function idle(file: string, runs: readonly FileRun[]): readonly string[] {
  const own = runs.filter((run) => run.file === file)
  if (own.length === 0)
    return [`${file} was run by no project. Its name or place must fit its package's vitest.config.ts, and its package needs the script (test, test:process)`]
  return own.some(({ broken, tests }) => broken || tests.length > 0) ? [] : [`${file} holds no test. Write one, or delete the file`]
}

function skipProblems(allowed: readonly AllowedSkip[], runs: readonly FileRun[], files: readonly string[]): readonly string[] {
  const skipped = runs.flatMap(({ file, tests }) => tests.filter(({ status }) => status === 'skipped').map(({ name }) => ({ file, name })))
  const fits = (skip: AllowedSkip, test: { readonly file: string; readonly name: string }): boolean => skip.file === test.file && skip.test === test.name
  return [
    ...skipped
      .filter((test) => !allowed.some((skip) => fits(skip, test)))
      .map(({ file, name }) => `${file} skips ${JSON.stringify(name)}. Run it, or add it to tools/allowed-skips.json with the reason`),
    ...allowed
      .filter((skip) => files.includes(skip.file) && !skipped.some((test) => fits(skip, test)))
      .map((skip) => `tools/allowed-skips.json allows ${JSON.stringify(skip.test)} of ${skip.file}, which is not skipped. Remove the entry`),
    ...allowed
      .filter(({ because }) => because.trim() === '')
      .map(({ file, test }) => `tools/allowed-skips.json gives no reason for ${JSON.stringify(test)} of ${file}. Add { because }`),
  ]
}

function allowedSkips(root: string): readonly AllowedSkip[] {
  const file = join(root, 'tools/allowed-skips.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as AllowedSkip[]) : []
}
