import type { Scenario } from '../scenario.js'
import { copyFits, flushInPart, foreignMessage, keptNotReleased, nativeDeduplication } from './a-copies.js'
import { givenBackInOrder, headAndFollowers, onlyBeside } from './a-order.js'
import { afterTheHandler, copiesGoHome, healthyDeploy, inboxBeforeFlush, olderThanTheInbox, tenRunning, threeHandlers, twoSources } from './a-handlers.js'
import { coalesced, publishedTopics, replyAddress, twoKindsOfDelay } from './a-ways.js'

/** The sequences that lost or multiplied messages on paper. */
export const walksA: readonly Scenario[] = [
  inboxBeforeFlush,
  threeHandlers,
  afterTheHandler,
  nativeDeduplication,
  twoSources,
  olderThanTheInbox,
  copiesGoHome,
  keptNotReleased,
  headAndFollowers,
  givenBackInOrder,
  healthyDeploy,
  tenRunning,
  onlyBeside,
  foreignMessage,
  copyFits,
  coalesced,
  flushInPart,
  replyAddress,
  publishedTopics,
  twoKindsOfDelay,
]
