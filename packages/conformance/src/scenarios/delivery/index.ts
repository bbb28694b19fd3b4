import type { Scenario } from '../scenario.js'
import { acceptedIsGone, backlogFirst, idle } from './backlog.js'
import { fidelity } from './fidelity.js'
import { handlerThrows } from './handler-throws.js'
import { contextFacts, hangs, mutationIsolation, oneOfTwoFails } from './handlers.js'
import { deadSession, diesInHandler, lockLost, outOfOrder, settlementRepeated } from './interrupted.js'
import { failedAttemptSends, replyRefused, undeliverable } from './held-messages.js'
import { noHandler, oddFailures } from './unhandled.js'
import { confirmedBeforeAccepted, publishThenAccept, publishThenThrow } from './what-handlers-send.js'

/** DS: delivery and settlement. */
export const delivery: readonly Scenario[] = [
  fidelity,
  backlogFirst,
  idle,
  acceptedIsGone,
  diesInHandler,
  handlerThrows,
  hangs,
  lockLost,
  settlementRepeated,
  deadSession,
  outOfOrder,
  publishThenAccept,
  publishThenThrow,
  mutationIsolation,
  noHandler,
  oneOfTwoFails,
  confirmedBeforeAccepted,
  oddFailures,
  contextFacts,
  undeliverable,
  replyRefused,
  failedAttemptSends,
]
