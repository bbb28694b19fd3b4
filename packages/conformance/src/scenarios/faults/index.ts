import type { Scenario } from '../scenario.js'
import { cutConnection } from './cut-connection.js'
import { publishWhileDown } from './publish-while-down.js'

/** FT: broker faults. */
export const faults: readonly Scenario[] = [cutConnection, publishWhileDown]
