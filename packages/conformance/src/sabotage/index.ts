import { transportMutants } from '../mutants/index.js'
import type { Sabotage } from './sabotage.js'

/** What `--sabotage` can plant, by name. */
export const sabotages: readonly Sabotage[] = transportMutants
