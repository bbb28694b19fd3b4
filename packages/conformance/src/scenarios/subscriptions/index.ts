import type { Scenario } from '../scenario.js'

/** PS: publish and subscribe. */
export const subscriptions: readonly Scenario[] = []
