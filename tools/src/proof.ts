import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { readManifest, repository } from './workspace.ts'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What every proof command writes with `--json FILE`; `.ci/run` adds up their counts. */
export interface Proof {
  readonly command: string
  readonly versions: Readonly<Record<string, string>>
  readonly seed?: number
  readonly ok: boolean
  readonly counts: Counts
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: Counts, b: Counts): Counts => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped })

/** The line that a run ends with. */
export const countsLine = ({ passed, failed, skipped }: Counts): string => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** Writes the proof where it is wanted, and makes the process end with 1 when it does not hold. */
export function conclude(command: string, counts: Counts, json: string | undefined): void {
  const ok = counts.failed === 0
  if (!ok) process.exitCode = 1
  if (json !== undefined) writeProof(json, { command, versions: versions(), ok, counts })
}

export function writeProof(file: string, proof: Proof): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(proof, null, 2)}\n`)
}

/** Throws on a file that is not a proof: a missing number must not count as none failed. */
export function readProof(file: string): Proof {
  const proof = JSON.parse(readFileSync(file, 'utf8')) as Proof
  const { counts } = proof
  if (![counts?.passed, counts?.failed, counts?.skipped].every((count) => Number.isInteger(count) && count >= 0)) throw new Error(`${file} has no counts`)
  return proof
}

function versions(): Readonly<Record<string, string>> {
  const pinned = readManifest(repository).devDependencies ?? {}
  const named = ['typescript', 'vitest', 'oxlint'].flatMap((name) => (pinned[name] === undefined ? [] : [[name, pinned[name]]]))
  return { node: process.versions.node, ...Object.fromEntries(named) } as Record<string, string>
}
