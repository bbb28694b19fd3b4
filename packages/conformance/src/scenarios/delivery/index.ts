import type { Scenario } from '../scenario.js'
import { fidelity } from './fidelity.js'
import { handlerThrows } from './handler-throws.js'

/** DS: delivery and settlement. */
export const delivery: readonly Scenario[] = [fidelity, handlerThrows]
