import { fileURLToPath } from 'node:url'
import type { SourcePatch } from './patched-source.js'
import type { PropertyReport } from './property.js'
import { runProgram } from './run-program.js'

const program = fileURLToPath(new URL('./programs/property.js', import.meta.url))

const held = 0
const failed = 3

/** Runs the property of a module in a process of its own, with a bug in the sources or without; rejects where the process does not end with a report. */
export async function runPlanted(module: URL, { runs, seed }: { readonly runs: number; readonly seed: number }, patch?: SourcePatch): Promise<PropertyReport> {
  const planted = patch === undefined ? [] : ['--patch', JSON.stringify(patch)]
  const { code, stdout, stderr } = await runProgram(process.execPath, [
    program,
    '--module',
    module.href,
    '--runs',
    String(runs),
    '--seed',
    String(seed),
    ...planted,
  ])
  if (code !== held && code !== failed) throw new Error(`the property did not run (${code}):\n${stderr}`)
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(`the property gave no report (${code}):\n${stdout}\n${stderr}`)
  return JSON.parse(line) as PropertyReport
}
