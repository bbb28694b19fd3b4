import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { Copies } from './copies.js'
import type { IncomingDelivery } from './incoming-delivery.js'
import { systemHeader, textOf } from './system-headers.js'

/** A delay longer than the broker's arrives too early: it goes on to this endpoint's own address. */
export const defer =
  (scope: BusScope, copies: Copies): Step<IncomingDelivery, Disposition> =>
  (incoming, next) => {
    const deliverAt = textOf(incoming.system, systemHeader.deliverAt)
    const due = deliverAt === undefined ? 0 : Number(deliverAt)
    if (due > scope.clock.now() && incoming.setup.maxDelayMs > 0) return copies.hop(incoming, due).then(() => 'accepted')
    return scope.failpoint('after-defer') ?? next(incoming)
  }
