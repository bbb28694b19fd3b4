import type { Scenario } from '../scenario.js'

/** DU: duplicates. */
export const duplicates: readonly Scenario[] = []
