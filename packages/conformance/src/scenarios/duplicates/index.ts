import type { Scenario } from '../scenario.js'
import { redeliveredFlag } from './redelivered.js'
import { concurrentDuplicates, duplicateInOneFetch, duplicateOfAFailure, perHandlerAndSubscription, sameIdTwice } from './with-an-inbox.js'
import { crashBeforeTheMark, idempotencyWithoutStore, storedReply, storeDown } from './inbox-troubles.js'

/** DU: duplicates. */
export const duplicates: readonly Scenario[] = [
  redeliveredFlag,
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
