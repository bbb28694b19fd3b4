import type { Scenario } from '../scenario.js'
import { share } from './share.js'

/** CC: competing consumers. */
export const competing: readonly Scenario[] = [share]
