import { secondConsumer } from './one-consumer.js'
import type { Scenario } from '../scenario.js'
import { headsWait } from './heads-wait.js'
import { givenBackBehindDone, givenBackInPlace } from './given-back.js'
import { exclusive, fifo, headsTakePlaces, keysInParallel } from './one-at-a-time.js'
import { longDelaysRefused, orderAfterDeadLetter, orderUnderRetry } from './order-and-failure.js'
import { orderPerKey } from './per-key.js'
import { keyForms, orderOverCut, publisherOrder, publisherOrderUnderRefusal } from './publisher-order.js'
import { orderOverRestart } from './restart.js'

export const ordering: readonly Scenario[] = [
  fifo,
  orderPerKey,
  exclusive,
  keysInParallel,
  orderUnderRetry,
  orderAfterDeadLetter,
  orderOverRestart,
  publisherOrder,
  orderOverCut,
  keyForms,
  headsTakePlaces,
  longDelaysRefused,
  publisherOrderUnderRefusal,
  givenBackInPlace,
  givenBackBehindDone,
  headsWait,
  secondConsumer,
]
