import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Copies } from './copies.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { systemHeader, timeOf } from './system-headers.js'

/** A delay longer than the broker's arrives too early: it goes on to this endpoint's own address. */
export const defer =
  (scope: BusScope, copies: Copies): Step<IncomingDelivery, Disposition> =>
  (incoming, next) => {
    const due = timeOf(incoming.system, systemHeader.deliverAt)
    if (due !== undefined && due > scope.clock.now() && incoming.setup.canDelay) return copies.hop(incoming, due).then(() => 'accepted')
    return scope.failpoint('after-defer') ?? next(incoming)
  }
