import type { Scenario } from '../scenario.js'
import { walksA } from './a.js'
import { walksB } from './b.js'

/** WA, WB: the sequences that broke earlier drafts of the contract. */
export const walks: readonly Scenario[] = [...walksA, ...walksB]
