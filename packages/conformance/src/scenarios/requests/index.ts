import type { Scenario } from '../scenario.js'
import { basicRequest } from './basic.js'

/** RR: request and reply. */
export const requests: readonly Scenario[] = [basicRequest]
