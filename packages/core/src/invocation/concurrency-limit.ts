import type { Settlement, Step } from '../context/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { integer, optional } from '../wire/index.js'
import { checkStepOptions } from './check-step-options.js'
import type { HandlerContext } from './handler-context.js'
import { HandlerStep, type HandlerInit } from './handler-step.js'
import { KeyedPermits } from './keyed-permits.js'
import { keyOf, type Keyed } from './limit-key.js'
import { turnOf } from './limit-turn.js'
import { perOwner } from './per-owner.js'
import { callback } from './step-checks.js'
import { Place, WaitingRoom } from './waiting-room.js'

/** How many runs at once, and for what each. */
export interface ConcurrencyLimitOptions extends Keyed {
  /** At most so many runs at once, of each key. */
  readonly limit: number
}

/**
 * Runs at most `limit` handlers at once, over all handlers and endpoints of a bus that use the value, or as many for each
 * key. Who has waited longest starts next; what waits takes no place of the endpoint's concurrency, keeps its key on an
 * ordered endpoint, and no attempt of it is counted. What waits so long that it may be held no longer comes back as a
 * copy; where none can be made it waits as long as its lock lasts.
 */
export function concurrencyLimit(options: ConcurrencyLimitOptions): HandlerStep {
  checkStepOptions('concurrencyLimit', options, { limit: integer(1, 1_000_000), key: optional(callback('the message and its context')) })
  const sharedBy = perOwner(({ clock }: BusScope) => ({ permits: new KeyedPermits(options.limit), room: new WaitingRoom(clock) }))
  return new HandlerStep('concurrency-limit', (init) => concurrencyLimitIn(init, options, sharedBy(init.scope)))
}

interface Shared {
  readonly permits: KeyedPermits
  readonly room: WaitingRoom
}

const concurrencyLimitIn = (init: HandlerInit, keyed: Keyed, { permits, room }: Shared): Step<HandlerContext, Settlement> => {
  const concurrencyLimitStep: Step<HandlerContext, Settlement> = async (context, next) => {
    const key = keyOf('concurrency-limit', keyed, context)
    if (!permits.take(key)) {
      const passOn = (): void => permits.release(key)
      const settlement = await turnOf(init, context, { room, line: permits.lineOf(key), place: new Place(), passOn })
      if (settlement !== undefined) return settlement
    }
    try {
      return await next(context)
    } finally {
      permits.release(key)
    }
  }
  return concurrencyLimitStep
}
