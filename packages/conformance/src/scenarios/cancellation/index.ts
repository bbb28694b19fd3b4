import type { Scenario } from '../scenario.js'

/** CN: cancellation. */
export const cancellation: readonly Scenario[] = []
