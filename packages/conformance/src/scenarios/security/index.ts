import type { Scenario } from '../scenario.js'

/** SE: hostile input. */
export const security: readonly Scenario[] = []
