import type { Scenario } from '../scenario.js'
import { failureIsolation, fanOut, fanOutAndShare, leftOver, offline, publisherFirst } from './fan-out.js'
import { beforeTheBroker, sameHandlerTwice, topicNames } from './names.js'

/** PS: publish and subscribe. */
export const subscriptions: readonly Scenario[] = [
  fanOut,
  fanOutAndShare,
  offline,
  publisherFirst,
  leftOver,
  failureIsolation,
  topicNames,
  beforeTheBroker,
  sameHandlerTwice,
]
