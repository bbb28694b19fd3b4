import { memoryHarness } from '../memory/memory-harness.js'
import { conformance } from '../runner/conformance.js'
import { transportMutants } from './index.js'
import type { JobResult, MutantJob } from './mutant-job.js'

/** Runs the job in this process. */
export async function resultsOf({ scenarios, seeds, transport }: MutantJob): Promise<readonly JobResult[]> {
  const results: JobResult[] = []
  const sabotage = transportMutants.find(({ name }) => name === transport)
  if (transport !== undefined && sabotage === undefined) throw new TypeError(`There is no transport mutant ${JSON.stringify(transport)}`)
  for (let seed = 1; seed <= seeds; seed += 1) {
    await conformance({
      ...memoryHarness,
      only: scenarios,
      seed,
      ...(sabotage && { sabotage }),
      onResult: ({ id, status, failures }) => void results.push({ scenario: id, seed, status, failures }),
    })
  }
  return results
}
