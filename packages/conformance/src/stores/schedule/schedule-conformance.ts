import { runStoreSuite, type StoreReport, type StoreSuiteOptions } from '../store-suite.js'
import { claimScenarios } from './claim-scenarios.js'
import { dueScenarios } from './due-scenarios.js'
import type { SchedulePlace } from './schedule-place.js'

/** Every scenario of a schedule store, by id. */
export const scheduleScenarios = [...dueScenarios, ...claimScenarios]

/** The proof of a schedule store: each scenario on rows of its own. A scenario passes only when it has checked something and every check held. */
export const scheduleConformance = (options: StoreSuiteOptions<SchedulePlace>): Promise<StoreReport> => runStoreSuite(scheduleScenarios, options)
