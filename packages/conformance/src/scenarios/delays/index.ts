import type { Scenario } from '../scenario.js'
import { outlives } from './outlives.js'
import { crashBetweenHops, dueWhileAway, keptOverHops, shorterLife, storedAndCancelled, storedEvent, unsupported } from './kept.js'
import { accuracy, beyondTheBroker, byDueTime, noDelay, noHeadOfLine, volume } from './times.js'

/** DL: delays and schedules. */
export const delays: readonly Scenario[] = [
  accuracy,
  noDelay,
  beyondTheBroker,
  noHeadOfLine,
  byDueTime,
  crashBetweenHops,
  storedAndCancelled,
  volume,
  shorterLife,
  keptOverHops,
  unsupported,
  dueWhileAway,
  storedEvent,
  outlives,
]
