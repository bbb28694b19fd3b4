import type { Scenario } from '../scenario.js'

/** PL: bodies and headers. */
export const payloads: readonly Scenario[] = []
