export { checkers } from './checkers/index.js'
export type { Checker, Violation } from './checkers/checker.js'
export type { Flag } from './harness/flags.js'
export type {
  Doors,
  Fault,
  FaultDoors,
  Harness,
  OnInstance,
  Place,
  PlaceOptions,
  PlaceTime,
  RawDestination,
  RawEntities,
  RawEnvelope,
  RawMessage,
  RawOutgoing,
  SendFaultOptions,
  TimesOnInstance,
  TransportOptions,
} from './harness/harness.js'
export type { Fact, HistoryEvent } from './history/history.js'
export { fromJsonLines, toJsonLines } from './history/json-lines.js'
export type { LabBusOptions } from './lab/buses.js'
export type { Check } from './lab/checks.js'
export type { Failure } from './lab/failure.js'
export type { FaultKind, FaultRecord, LabFaults } from './lab/lab-faults.js'
export type { Lab } from './lab/lab.js'
export type { QuietOptions } from './lab/quiet.js'
export { memoryHarness } from './memory/memory-harness.js'
export { conformance, type ConformanceOptions } from './runner/conformance.js'
export type { ConformanceReport, ScenarioResult } from './runner/result.js'
export type { AllowedSkip } from './runner/skips.js'
export { sabotages } from './sabotage/index.js'
export type { Sabotage } from './sabotage/sabotage.js'
export { scenarios } from './scenarios/index.js'
export type { Group, Scenario } from './scenarios/scenario.js'
export { inboxConformance, inboxScenarios } from './stores/inbox/inbox-conformance.js'
export { inboxMutants, withMutant, type InboxMutant } from './stores/inbox/inbox-mutants.js'
export type { InboxPlace } from './stores/inbox/inbox-place.js'
export { memoryInboxPlace } from './stores/inbox/memory-inbox-place.js'
export { memorySchedulePlace } from './stores/schedule/memory-schedule-place.js'
export { scheduleConformance, scheduleScenarios } from './stores/schedule/schedule-conformance.js'
export { scheduleMutants, withScheduleMutant, type ScheduleMutant } from './stores/schedule/schedule-mutants.js'
export type { SchedulePlace } from './stores/schedule/schedule-place.js'
export type { StoreLab, StorePlace, StoreReport, StoreResult, StoreScenario, StoreSuiteOptions } from './stores/store-suite.js'
