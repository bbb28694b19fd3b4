import type { Candidate } from './candidate.js'
import { read, type Clock } from './stopwatch.js'

/** What the rounds of one candidate came to. */
export interface Measured {
  readonly candidate: Candidate
  /** Of each round. */
  readonly iterations: number
  /** Nanoseconds for one, round by round, by the clock of the pace. */
  readonly rounds: readonly number[]
  /** The same by the clock on the wall. */
  readonly wall: readonly number[]
  /** Rounds whose count differs from the iterations, and what they counted. */
  readonly miscounted: readonly number[]
}

export interface Pace {
  readonly rounds: number
  /** How long one round of one candidate takes, about. */
  readonly roundMs: number
  readonly clock: Clock
}

/** Interleaved: every candidate once, then every candidate again, so that a slow phase of the machine meets all of them. */
export async function measure(candidates: readonly Candidate[], { rounds, roundMs, clock }: Pace): Promise<readonly Measured[]> {
  const runs = []
  for (const candidate of candidates)
    runs.push({ candidate, iterations: await warmUp(candidate, roundMs), rounds: [] as number[], wall: [] as number[], miscounted: [] as number[] })
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs) {
      const { nanoseconds, wall, handled } = await timed(run.candidate, run.iterations, clock)
      run.rounds.push(nanoseconds / run.iterations)
      run.wall.push(wall / run.iterations)
      if (handled !== run.iterations) run.miscounted.push(handled)
    }
  }
  return runs
}

/** Runs until the compiler has seen enough; says how many iterations fill a round. */
async function warmUp(candidate: Candidate, roundMs: number): Promise<number> {
  for (let iterations = 64; ; iterations *= 2) {
    const { nanoseconds } = await timed(candidate, iterations, 'wall')
    if (nanoseconds >= (roundMs * 1e6) / 2) return Math.max(1, Math.round((iterations * roundMs * 1e6) / nanoseconds))
  }
}

interface Timed {
  readonly nanoseconds: number
  readonly wall: number
  readonly handled: number
}

async function timed(candidate: Candidate, iterations: number, clock: Clock): Promise<Timed> {
  const began = read.wall()
  const started = read[clock]()
  const handled = await candidate.run(iterations)
  return { nanoseconds: read[clock]() - started, wall: read.wall() - began, handled }
}
