import type { Capabilities, Destination } from '../contract/index.js'
import { InvalidSendOptionError, quote } from '../errors/index.js'

/** How a delay is carried: by the broker, beyond what that can do by the schedule store, and without one by hops that `deliver-at` names. */
export interface Timing {
  readonly notBefore?: number
  readonly system?: Readonly<Record<string, string>>
  /** When the schedule store is to send it. */
  readonly storedUntilMs?: number
}

/** What the message says about its time. */
export interface Wish {
  readonly type: string
  readonly destination: Destination
  readonly dueMs: number | undefined
  readonly cancelable: boolean
}

/** What can delay. */
export interface DelayWays {
  readonly capabilities: () => Capabilities
  readonly hasSchedule: boolean
}

/** Without delay, and not to be cancelled. */
export const atOnce: Timing = {}

/** Throws `InvalidSendOptionError` where nothing can delay, or nothing can cancel: never silently at once. */
export function delayed(wish: Wish, nowMs: number, ways: DelayWays): Timing {
  const timing = wayOf(wish, nowMs, ways)
  return wish.dueMs === undefined || wish.dueMs - nowMs < dayMs ? timing : { ...timing, system: dated(wish.dueMs, timing.system) }
}

const dayMs = 86_400_000

/** The time in its id is that of its sending: to the inbox of its receiver it would look old when it comes. */
const dated = (dueMs: number, system: Timing['system']): Readonly<Record<string, string>> =>
  Object.assign(Object.create(null) as Record<string, string>, system, { 'due-at': String(Math.ceil(dueMs)) })

function wayOf(wish: Wish, nowMs: number, { capabilities, hasSchedule }: DelayWays): Timing {
  const { dueMs, destination, cancelable } = wish
  if (cancelable) return cancelably(wish, hasSchedule)
  if (dueMs === undefined || dueMs <= nowMs) return atOnce
  const limit = longestDelay(destination, capabilities())
  if (dueMs - nowMs <= limit) return { notBefore: dueMs }
  if (hasSchedule) return { storedUntilMs: dueMs }
  if (limit > 0 && destination.kind !== 'topic') return hop(dueMs, nowMs, limit)
  const [most, to] = [limit === 0 ? 'no delay' : `at most ${limit} ms`, destination.kind === 'topic' ? 'a topic' : 'an endpoint']
  throw new InvalidSendOptionError(
    `{ delay } of ${quote(wish.type)}`,
    `${dueMs - nowMs}ms`,
    `The transport has ${most} for ${to}. Start the bus with a schedule store, { stores: { schedule } }, delay a command instead, or choose a transport that delays`,
  )
}

/** Of the broker alone; 0 where it has none. */
function longestDelay({ kind }: Destination, { delay }: Capabilities): number {
  const limit = (kind === 'topic' ? delay?.topic : delay?.endpoint) ?? 'none'
  return limit === 'none' ? 0 : limit.maxMs
}

/** In the store also when it is due at once: so its cancel can say that it is too late. */
function cancelably({ type, dueMs }: Wish, hasSchedule: boolean): Timing {
  const option = `{ cancelable } of ${quote(type)}`
  if (dueMs === undefined) throw new InvalidSendOptionError(option, true, 'Without a delay it leaves at once. Give it a { delay }')
  if (!hasSchedule) throw new InvalidSendOptionError(option, true, 'Nothing could hold it back. Start the bus with a schedule store: { stores: { schedule } }')
  return { storedUntilMs: dueMs }
}

/** The longest step that the broker takes; the receiver that sees it too early sends it on. */
export function hop(due: number, now: number, maxMs: number): Timing {
  const system = Object.create(null) as Record<string, string>
  system['deliver-at'] = String(due)
  return { notBefore: Math.min(due, now + maxMs), system }
}
