import type { Capabilities, Destination } from '../contract/index.js'
import { InvalidSendOptionError, quote } from '../errors/index.js'

/** How a delay is carried: by the broker, and beyond what that can do by hops that `deliver-at` names. */
export interface Timing {
  readonly notBefore?: number
  readonly system?: Readonly<Record<string, string>>
}

const atOnce: Timing = {}

/** Throws `InvalidSendOptionError` where the broker cannot delay: never silently at once. */
export function delayed(type: string, destination: Destination, due: number | undefined, now: number, capabilities: Capabilities): Timing {
  if (due === undefined || due <= now) return atOnce
  const toTopic = destination.kind === 'topic'
  const limit = (toTopic ? capabilities.delay?.topic : capabilities.delay?.endpoint) ?? 'none'
  if (limit !== 'none' && due - now <= limit.maxMs) return { notBefore: due }
  if (limit === 'none' || toTopic) {
    const most = limit === 'none' ? 'no delay' : `at most ${limit.maxMs} ms`
    throw new InvalidSendOptionError(
      `{ delay } of ${quote(type)}`,
      `${due - now}ms`,
      `The transport has ${most} for ${toTopic ? 'a topic' : 'an endpoint'}. Delay a command instead, or choose a transport that delays`,
    )
  }
  return hop(due, now, limit.maxMs)
}

/** The longest step that the broker takes; the receiver that sees it too early sends it on. */
export function hop(due: number, now: number, maxMs: number): Timing {
  const system = Object.create(null) as Record<string, string>
  system['deliver-at'] = String(due)
  return { notBefore: Math.min(due, now + maxMs), system }
}
