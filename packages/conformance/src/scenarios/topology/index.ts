import type { Scenario } from '../scenario.js'

/** TP: provisioning. */
export const topology: readonly Scenario[] = []
