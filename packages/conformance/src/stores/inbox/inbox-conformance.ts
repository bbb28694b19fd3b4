import { runStoreSuite, type StoreReport, type StoreSuiteOptions } from '../store-suite.js'
import { claimScenarios } from './claim-scenarios.js'
import type { InboxPlace } from './inbox-place.js'
import { rowScenarios } from './row-scenarios.js'
import { timeScenarios } from './time-scenarios.js'

/** Every scenario of an inbox store, by id. */
export const inboxScenarios = [...claimScenarios, ...rowScenarios, ...timeScenarios]

/** The proof of an inbox store: each scenario on rows of its own. A scenario passes only when it has checked something and every check held. */
export const inboxConformance = (options: StoreSuiteOptions<InboxPlace>): Promise<StoreReport> => runStoreSuite(inboxScenarios, options)
