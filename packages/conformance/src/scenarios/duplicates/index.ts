import type { Scenario } from '../scenario.js'
import { concurrentDuplicates, duplicateInOneFetch, duplicateOfAFailure, perHandlerAndSubscription, sameIdTwice } from './with-an-inbox.js'
import { crashBeforeTheMark, idempotencyWithoutStore, storedReply, storeDown } from './inbox-troubles.js'

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
