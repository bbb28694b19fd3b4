import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Failure } from '../lab/failure.js'
import type { SourcePatch } from './mutant.js'

/** What one process runs: scenarios on the transport in memory, with a fault in it or in core, or with none. */
export interface MutantJob {
  readonly scenarios: readonly string[]
  readonly seeds: number
  /** The name of a transport mutant. */
  readonly transport?: string
  readonly patches?: readonly SourcePatch[]
}

/** One run of one scenario. */
export interface JobResult {
  readonly scenario: string
  readonly seed: number
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly failures: readonly Failure[]
}

/** What became of the process. */
export type JobOutcome = { readonly kind: 'ended'; readonly results: readonly JobResult[] } | { readonly kind: 'crashed' | 'timed-out'; readonly text: string }

/** How a job is run; another one for tests. */
export type RunJob = (job: MutantJob) => Promise<JobOutcome>

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const program = fileURLToPath(new URL(`./mutant-process.${extension}`, import.meta.url))
const mostOutput = 256 * 1024 * 1024

/** Runs the job in a process of its own, on core's sources. Never rejects. */
export const runJob =
  (timeoutMs = 60_000): RunJob =>
  (job) =>
    new Promise((resolve) => {
      const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: mostOutput } as const
      execFile(process.execPath, ['--conditions=@waybill/source', program, JSON.stringify(job)], options, (error, stdout, stderr) => {
        if (error?.killed === true) return resolve({ kind: 'timed-out', text: `the process did not end within ${timeoutMs} ms` })
        const last = stdout.trimEnd().split('\n').at(-1) ?? ''
        if (error !== null || !last.startsWith('['))
          return resolve({ kind: 'crashed', text: whatFailed(stderr) ?? error?.message ?? 'the process gave no report' })
        resolve({ kind: 'ended', results: JSON.parse(last) as JobResult[] })
      })
    })

/** Of what a process says at its end, the error itself, without the source around it. */
const whatFailed = (stderr: string): string | undefined => /^\w*Error\b.*/m.exec(stderr)?.[0]
