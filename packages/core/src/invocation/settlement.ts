import type { Settlement } from '../context/index.js'

// One object each: settling costs no allocation.
export const accepted: Settlement = Object.freeze({ outcome: 'accepted' })
export const released: Settlement = Object.freeze({ outcome: 'released' })
export const rejected = (reason: string): Settlement => ({ outcome: 'rejected', reason })
export const deferred = (delayMs: number): Settlement => ({ outcome: 'deferred', delayMs })

/** Beyond it lies no date. */
const longestDelayMs = 100 * 366 * 86_400_000
const outcomes: ReadonlySet<unknown> = new Set(['accepted', 'deferred', 'rejected', 'released'])

/** Whether a middleware gave back what the pipeline knows. Types say so; JavaScript and casts do not. */
export function isSettlement(value: unknown): value is Settlement {
  if (typeof value !== 'object' || value === null || !('outcome' in value) || !outcomes.has(value.outcome)) return false
  if (value.outcome === 'deferred') return 'delayMs' in value && typeof value.delayMs === 'number' && value.delayMs >= 0 && value.delayMs <= longestDelayMs
  return value.outcome !== 'rejected' || ('reason' in value && typeof value.reason === 'string')
}
