import { memorySchedule } from '@waybill/core/memory'
import type { SchedulePlace } from './schedule-place.js'

/** The schedule store in memory: its callers tell it the time. */
export async function memorySchedulePlace(): Promise<SchedulePlace> {
  const schedule = memorySchedule()
  return { open: () => Promise.resolve(schedule), close: () => Promise.resolve() }
}
