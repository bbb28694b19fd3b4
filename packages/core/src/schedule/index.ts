export { Schedule, type ScheduleHealth } from './schedule.js'
export type { Scheduled } from './scheduled.js'
