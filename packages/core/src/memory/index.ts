export type { NarrowedCapabilities } from './capabilities.js'
export { MemoryError } from './errors.js'
export type { ConnectionFault, HoldOptions, SendFault, SettlementFault } from './faults.js'
export { memoryInbox, MemoryInbox, type MemoryInboxOptions } from './inbox.js'
export type { InboxRowView } from './inbox-row.js'
export { fromConfig, memory } from './memory.js'
export {
  createMemoryBroker,
  MemoryBroker,
  type BrokerEntities,
  type MemoryBrokerOptions,
  type RawDestination,
  type RawMessage,
  type RawOutgoing,
} from './memory-broker.js'
export { memoryBroker } from './named-brokers.js'
export type { MemoryOptions } from './options.js'
export { memorySchedule, MemorySchedule } from './schedule.js'
export type { ScheduleRowView } from './schedule-rows.js'
