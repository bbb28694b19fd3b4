import type { Scenario } from '../scenario.js'
import {
  concurrentDuplicates,
  crashBeforeTheMark,
  duplicateInOneFetch,
  duplicateOfAFailure,
  idempotencyWithoutStore,
  perHandlerAndSubscription,
  sameIdTwice,
  storedReply,
  storeDown,
} from './with-an-inbox.js'

/** DU: duplicates. */
export const duplicates: readonly Scenario[] = [
  sameIdTwice,
  concurrentDuplicates,
  duplicateOfAFailure,
  perHandlerAndSubscription,
  storeDown,
  duplicateInOneFetch,
  storedReply,
  crashBeforeTheMark,
  idempotencyWithoutStore,
]
