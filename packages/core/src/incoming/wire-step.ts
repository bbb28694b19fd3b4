import type { IncomingWireContext, Passed, Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { MiddlewareError } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** A middleware's step on the bytes of a delivery. It can pass or throw; what it hands back is what it got. */
export const wireStep = (scope: BusScope, name: string, wire: Step<IncomingWireContext, Passed>): Step<IncomingDelivery, Disposition> =>
  async function wireStepOf(incoming, next) {
    const rest = (): Promise<Disposition> => scope.failpoint('after-incoming-wire') ?? next(incoming)
    const result: unknown = await wire(incoming, rest as unknown as () => Promise<Passed>)
    if (result !== 'accepted' && result !== 'released') throw new MiddlewareError(name, 'settled a delivery in an incoming wire step', 'Return next(context), or throw')
    return result
  }
