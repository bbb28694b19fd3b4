import type { Scenario } from '../scenario.js'
import { badConfiguration, handlerLimit, limitOne, limitReached, twoSubscriptions } from './limit.js'
import { pauseAndResume, prefetch } from './prefetch.js'
import { subscriptionLimit } from './subscription-limit.js'

export const concurrency: readonly Scenario[] = [
  limitReached,
  limitOne,
  prefetch,
  pauseAndResume,
  handlerLimit,
  twoSubscriptions,
  badConfiguration,
  subscriptionLimit,
]
