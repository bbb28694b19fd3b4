import type { Candidate } from './candidate.js'

/** A candidate that does less than it is asked to: what the counts are for. */
export const sabotaged = (candidate: Candidate): Candidate => ({ ...candidate, run: (iterations) => candidate.run(iterations - 1) })
