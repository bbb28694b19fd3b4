import type { Candidate } from './candidate.js'

/** What the rounds of one candidate came to. */
export interface Measured {
  readonly candidate: Candidate
  /** Of each round. */
  readonly iterations: number
  /** Nanoseconds for one, round by round. */
  readonly rounds: readonly number[]
  /** Rounds whose count differs from the iterations, and what they counted. */
  readonly miscounted: readonly number[]
}

export interface Pace {
  readonly rounds: number
  /** How long one round of one candidate takes, about. */
  readonly roundMs: number
}

/** Interleaved: every candidate once, then every candidate again, so that a slow phase of the machine meets all of them. */
export async function measure(candidates: readonly Candidate[], { rounds, roundMs }: Pace): Promise<readonly Measured[]> {
  const runs = []
  for (const candidate of candidates) runs.push({ candidate, iterations: await warmUp(candidate, roundMs), rounds: [] as number[], miscounted: [] as number[] })
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs) {
      const { nanoseconds, handled } = await timed(run.candidate, run.iterations)
      run.rounds.push(nanoseconds / run.iterations)
      if (handled !== run.iterations) run.miscounted.push(handled)
    }
  }
  return runs
}

/** Runs until the compiler has seen enough; says how many iterations fill a round. */
async function warmUp(candidate: Candidate, roundMs: number): Promise<number> {
  for (let iterations = 64; ; iterations *= 2) {
    const { nanoseconds } = await timed(candidate, iterations)
    if (nanoseconds >= (roundMs * 1e6) / 2) return Math.max(1, Math.round((iterations * roundMs * 1e6) / nanoseconds))
  }
}

async function timed(candidate: Candidate, iterations: number): Promise<{ readonly nanoseconds: number; readonly handled: number }> {
  const started = process.hrtime.bigint()
  const handled = await candidate.run(iterations)
  return { nanoseconds: Number(process.hrtime.bigint() - started), handled }
}
