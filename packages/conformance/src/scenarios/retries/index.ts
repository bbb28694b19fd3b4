import type { Scenario } from '../scenario.js'
import { crashCollateral } from './crash-collateral.js'
import { copyRefused, onlyTheLast, sameIdsAgain } from './error-path.js'
import { exactAttempts } from './exact-attempts.js'
import { countedCuts, nativeIdentity } from './identity.js'
import { attemptsAcrossInstances, backOff, lostPolicy, notBlocking, notRetryable, precedence, rounds } from './policies.js'

/** RD: redelivery and retries. */
export const retries: readonly Scenario[] = [
  exactAttempts,
  rounds,
  backOff,
  notRetryable,
  precedence,
  notBlocking,
  copyRefused,
  onlyTheLast,
  lostPolicy,
  attemptsAcrossInstances,
  sameIdsAgain,
  crashCollateral,
  nativeIdentity,
  countedCuts,
]
