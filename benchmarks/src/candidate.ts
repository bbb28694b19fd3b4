/** One way of doing the work, counted and timed. */
export interface Candidate {
  readonly name: string
  /** Does the work so often, and resolves with how often it was done: counted where it was done, not where it was asked for. */
  run(iterations: number): Promise<number>
  /** What it is compared with, and what it may cost. */
  readonly target?: Target
}

export type Target =
  /** Nanoseconds more than another candidate; `each`: of so many equal parts. */
  | { readonly kind: 'added'; readonly to: string; readonly atMost: number; readonly each?: number }
  /** Times another candidate. */
  | { readonly kind: 'ratio'; readonly of: string; readonly atMost: number }

/** Candidates that are compared with each other, so their rounds are interleaved. */
export interface Group {
  readonly candidates: readonly Candidate[]
  close(): Promise<void>
}
