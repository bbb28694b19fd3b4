import type { Scenario } from '../scenario.js'
import { address } from './address.js'
import { basicRequest } from './basic.js'
import { remoteError, shuffled, tenThatAsk, twoRequesters } from './replies.js'
import { expiredRequest, lateReply, oneOfTwoAborts, requesterGone, requestOverCut, requestTimeout, unknownConversation } from './without-a-reply.js'

/** RR: requests and replies. */
export const requests: readonly Scenario[] = [
  basicRequest,
  shuffled,
  requestTimeout,
  lateReply,
  remoteError,
  oneOfTwoAborts,
  requestOverCut,
  twoRequesters,
  requesterGone,
  unknownConversation,
  expiredRequest,
  tenThatAsk,
  address,
]
