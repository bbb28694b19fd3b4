import type { Sabotage } from './sabotage.js'
import { ackFirst, drop, duplicate } from './transport-faults.js'

/** What `--sabotage` can plant, by name. */
export const sabotages: readonly Sabotage[] = [drop, ackFirst, duplicate]
