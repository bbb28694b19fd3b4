import type { Scenario } from '../scenario.js'
import { absentAtStart, badCredentials, flapping, ghosts, topologyGone } from './connections.js'
import { cutConnection } from './cut-connection.js'
import { publishWhileDown } from './publish-while-down.js'
import { brokerBlocks, confirmLost, heldSendFails, partialBatch, refusedForGood, unroutable } from './sends.js'

/** FT: faults of brokers and connections. */
export const faults: readonly Scenario[] = [
  cutConnection,
  absentAtStart,
  badCredentials,
  confirmLost,
  refusedForGood,
  unroutable,
  partialBatch,
  brokerBlocks,
  publishWhileDown,
  flapping,
  topologyGone,
  ghosts,
  heldSendFails,
]
