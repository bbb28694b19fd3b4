import type { Scenario } from '../scenario.js'
import { disposed, nothingKeptAlive } from './by-itself.js'
import { drain } from './drain.js'
import { drainTimeout, giveBack, publishWhileDraining, sendsInFlight, stopFromHandler } from './draining.js'
import { closed, releasedAtOnce, stopCutShort, stopWaits } from './subscription-stops.js'
import { startAndStop, stopTogether, stopWhileAway, stopWhileStarting, stopWindow, useAfterStop } from './life-cycle.js'

/** GS: graceful shutdown. */
export const shutdown: readonly Scenario[] = [
  drain,
  giveBack,
  sendsInFlight,
  publishWhileDraining,
  drainTimeout,
  stopTogether,
  stopWhileStarting,
  useAfterStop,
  startAndStop,
  nothingKeptAlive,
  stopWhileAway,
  stopFromHandler,
  disposed,
  stopWindow,
  stopWaits,
  stopCutShort,
  releasedAtOnce,
  closed,
]
