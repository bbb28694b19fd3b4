import type { Scenario } from '../scenario.js'
import { sideDoors } from './side-doors.js'
import { delayHolds, limitsHold, lockHolds, looks, upperBound, wellFormed } from './declared.js'
import { degradedNeeds, emulatedReplies, noDelayByDefault, oneOrderPerEndpoint } from './degraded.js'
import { smallerLimits } from './limits.js'
import { lockTooShort, noDelayForPolicy, noOrder, noPrivateAddress, noReplies } from './refused.js'
import { noDelayForSend, noRepliesForRequest } from './refused-calls.js'

/** CAP: what a transport declares holds; what it lacks is refused, or said. */
export const capabilities: readonly Scenario[] = [
  noOrder,
  noPrivateAddress,
  noReplies,
  noRepliesForRequest,
  noDelayForPolicy,
  noDelayByDefault,
  noDelayForSend,
  lockTooShort,
  degradedNeeds,
  oneOrderPerEndpoint,
  emulatedReplies,
  smallerLimits,
  wellFormed,
  limitsHold,
  upperBound,
  lockHolds,
  looks,
  delayHolds,
  sideDoors,
]
