import type { Settlement } from '../context/index.js'
import { expire } from './expire.js'
import { lateByMs } from './expiry.js'
import type { HandlerContext, Received } from './handler-context.js'
import type { HandlerInit } from './handler-step.js'
import { rest } from './rest.js'
import { deferred, released } from './settlement.js'
import type { Place, WaitingRoom } from './waiting-room.js'

/** After how long a delivery that may not be held any longer comes back as a copy. */
const comesBackMs = 10_000

/** All limits that a delivery meets share the time for which it may be held: one lock holds it. */
const heldSince = new WeakMap<Received, number>()

/** For how long a delivery has waited here, runs between its waits included. */
export const heldMs = (received: Received, now: number): number => now - (heldSince.get(received) ?? now)

export interface TurnInit {
  readonly room: WaitingRoom
  readonly line: Set<Place>
  readonly place: Place
  /** Its turn came and it cannot use it. */
  readonly passOn: () => void
}

/**
 * Waits for its turn, without its place among the running. `undefined`: it has come. Otherwise what becomes of the
 * message, of which no attempt is counted: it goes back when its lock is lost or the bus stops; it expires; or it has
 * been held for as long as it may, and comes back later as a copy. Where no copy can be made (order, no delay) it waits
 * for as long as its lock lasts.
 */
export async function turnOf(init: HandlerInit, context: HandlerContext, { room, line, place, passOn }: TurnInit): Promise<Settlement | undefined> {
  const { scope, endpoint } = init
  const { received } = context
  const { delivery, envelope } = received
  if (!heldSince.has(received)) heldSince.set(received, scope.clock.now())
  const wait = { line, waits: endpoint.waits, lost: delivery.lost, untilMs: untilMs() }
  const how = await rest(init, context, room.wait(place, wait))
  const settlement = settlementAfter(how)
  if (settlement !== undefined && how === 'turn') passOn()
  return settlement

  function untilMs(): number {
    const held = endpoint.runsInPlace ? Number.POSITIVE_INFINITY : (heldSince.get(received) ?? 0) + endpoint.holdMs
    if (envelope.expiresAt === undefined) return held
    return Math.min(held, envelope.expiresAt + (envelope.replyTo === undefined ? endpoint.clockSkewMs : 0) + 1)
  }

  function settlementAfter(end: typeof how): Settlement | undefined {
    if (end === 'ended' || scope.stopping || delivery.lost.aborted) return released
    const byMs = lateByMs(envelope, scope.clock.now(), endpoint.clockSkewMs)
    if (byMs > 0) return expire(scope, context, byMs)
    return end === 'too-long' ? deferred(comesBackMs) : undefined
  }
}
