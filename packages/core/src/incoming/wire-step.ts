import type { IncomingWireContext, Passed, Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { MiddlewareError } from '../errors/index.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** A middleware's step on the bytes of a delivery. It can pass or throw; what it hands back is what it got. */
export function wireStep(name: string, wire: Step<IncomingWireContext, Passed>): Step<IncomingDelivery, Disposition> {
  // It sees less of the same objects: a cast, because the compiler must assume that it passes on another one.
  const step = wire as unknown as Step<IncomingDelivery, unknown>
  return async function checkedWireStep(incoming, next) {
    const result = await step(incoming, next)
    if (result !== 'accepted' && result !== 'released')
      throw new MiddlewareError(name, 'settled a delivery in an incoming wire step', 'Return next(context), or throw')
    return result
  }
}
