import { parseDuration, type Duration } from '../wire/index.js'

export const defaults = {
  transport: 'memory:',
  concurrency: 10,
  handlerTimeout: '5m',
  publishTimeout: '30s',
  stopTimeout: '30s',
  maxBodyBytes: 8 * 1024 * 1024,
  clockSkew: '5s',
  unknown: ['10s', '1m', '9m'],
  provision: 'create',
  schedulePoll: '5s',
} as const

/** How long a delivery may be held in its place, whatever the lock. */
export const longestHoldMs = 5 * 60_000

/** The nearest of the timeouts that are given; infinite for 'none'. */
export function timeoutMsOf(handler: Duration | undefined, endpoint: Duration | 'none' | undefined): number {
  const timeout = handler ?? endpoint ?? defaults.handlerTimeout
  return timeout === 'none' ? Number.POSITIVE_INFINITY : (parseDuration(timeout) ?? 0)
}
