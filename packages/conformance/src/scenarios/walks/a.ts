import type { Scenario } from '../scenario.js'
import { copyFits, flushInPart, foreignMessage, givenBackInOrder, headAndFollowers, keptNotReleased, nativeDeduplication, onlyBeside } from './a-copies.js'
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
