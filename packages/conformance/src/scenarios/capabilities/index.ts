import type { Scenario } from '../scenario.js'
import { noOrder } from './no-order.js'

/** CAP: what a transport lacks. */
export const capabilities: readonly Scenario[] = [noOrder]
