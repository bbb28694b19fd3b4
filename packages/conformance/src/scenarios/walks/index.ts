import type { Scenario } from '../scenario.js'

/** WA and WB: the sequences that broke earlier designs. */
export const walks: readonly Scenario[] = []
