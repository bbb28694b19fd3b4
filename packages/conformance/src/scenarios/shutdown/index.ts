import type { Scenario } from '../scenario.js'
import { drain } from './drain.js'

/** GS: graceful stop. */
export const shutdown: readonly Scenario[] = [drain]
