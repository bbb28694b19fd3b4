import type { Scenario } from '../scenario.js'
import { basicRequest } from './basic.js'
import {
  expiredRequest,
  lateReply,
  remoteError,
  requesterGone,
  requestOverCut,
  requestTimeout,
  shuffled,
  tenThatAsk,
  twoRequesters,
  unknownConversation,
} from './replies.js'

/** RR: requests and replies. */
export const requests: readonly Scenario[] = [
  basicRequest,
  shuffled,
  requestTimeout,
  lateReply,
  remoteError,
  requestOverCut,
  twoRequesters,
  requesterGone,
  unknownConversation,
  expiredRequest,
  tenThatAsk,
]
