import type { Scenario } from '../scenario.js'
import { abortedAwaitingConfirm, abortedBefore, requestAborted, sharedSignal, timeoutAndSignal } from './callers.js'
import { abortInBackOff, abortReasons, abortWhileStarting, signalIgnored, subscriptionEnds } from './handlers.js'

/** CN: cancellation. */
export const cancellation: readonly Scenario[] = [
  abortedBefore,
  abortedAwaitingConfirm,
  subscriptionEnds,
  abortReasons,
  signalIgnored,
  abortInBackOff,
  requestAborted,
  sharedSignal,
  abortWhileStarting,
  timeoutAndSignal,
]
