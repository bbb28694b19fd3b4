import type { Scenario } from '../scenario.js'

/** PM: malformed messages. */
export const poison: readonly Scenario[] = []
