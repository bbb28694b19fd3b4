import type { Scenario } from '../scenario.js'

/** CP: concurrency and prefetch. */
export const concurrency: readonly Scenario[] = []
