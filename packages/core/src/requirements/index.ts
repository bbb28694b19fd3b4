export { choosePrefetch } from './prefetch.js'
export { weakestLockMs } from './provide.js'
export { impossible, startReport } from './report.js'
export type { Provided, ReportRow, Requirement, StartReport } from './requirement.js'
