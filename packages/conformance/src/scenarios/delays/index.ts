import type { Scenario } from '../scenario.js'

/** DL: delayed delivery. */
export const delays: readonly Scenario[] = []
