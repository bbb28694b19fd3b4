import type { Scenario } from '../scenario.js'
import { exactAttempts } from './exact-attempts.js'

/** RD: redelivery and retries. */
export const retries: readonly Scenario[] = [exactAttempts]
