import type { Scenario } from '../scenario.js'
import { delayedForNobody, delaysOfAStore } from './b-delays.js'
import { clocksThatDiffer, copyAgainNotTheHandler, failingRequests } from './b-failures.js'
import { oneBecomesThree, othersComeAndGo } from './b-order.js'
import { anotherBus, betweenConnections, callersOfOneCall, floodOfSends } from './b-sends.js'
import { answerOfTheDead, heldByALostRight, noTransportIsTransactional } from './b-sessions.js'
import { everyAnswer, inTheOrderOfTheirIds, tailKeepsItsLock } from './b-slots.js'
import { nothingAfterTheAnswer, supervisedByTheHost, timeOfTruth } from './b-transports.js'
import { leftOverFlood, restartsAreNoAttempts, rollingDeploy } from './b-upgrades.js'

/** The sequences in which a contract between core and transport said two things, or nothing. */
export const walksB: readonly Scenario[] = [
  restartsAreNoAttempts,
  rollingDeploy,
  leftOverFlood,
  tailKeepsItsLock,
  everyAnswer,
  copyAgainNotTheHandler,
  floodOfSends,
  callersOfOneCall,
  othersComeAndGo,
  oneBecomesThree,
  anotherBus,
  timeOfTruth,
  supervisedByTheHost,
  inTheOrderOfTheirIds,
  failingRequests,
  clocksThatDiffer,
  nothingAfterTheAnswer,
  delayedForNobody,
  noTransportIsTransactional,
  delaysOfAStore,
  betweenConnections,
  heldByALostRight,
  answerOfTheDead,
]
