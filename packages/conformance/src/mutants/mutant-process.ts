import type { MutantJob } from './mutant-job.js'
import type { SourcePatch } from './mutant.js'

// `node --conditions=@waybill/source mutant-process.js JOB`: its last line is the list of results; anything else is a crash.
interface Patcher {
  patchSources(patches: readonly SourcePatch[]): { unmet(): readonly SourcePatch[] }
}

const job = JSON.parse(process.argv[2] ?? '') as MutantJob
// Of the repository, like the sources that it patches; before anything of core is imported.
const { patchSources } = (await import(new URL('../../../core/test/support/patched-source.ts', import.meta.url).href)) as Patcher
const { unmet } = patchSources(job.patches ?? [])
const { resultsOf } = await import('./results-of.js')
const results = await resultsOf(job)
for (const { file } of unmet()) throw new Error(`${file} was never imported: the fault is not planted`)
// A bus that a fault has kept from stopping holds the process.
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit())
