import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { ExpiredError } from '../errors/index.js'
import { lateByMs } from '../invocation/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** An expired request neither runs nor replies: its caller has given up. What else expires is a dead letter. The sender's clock may be ahead, so there is an allowance. */
export const dropExpired =
  (scope: BusScope): Step<IncomingDelivery, Disposition> =>
  (incoming, next) => {
    const byMs = lateByMs(incoming.envelope, scope.clock.now(), incoming.setup.clockSkewMs)
    if (byMs > 0) {
      const { replyTo, type, id } = incoming.envelope
      if (replyTo === undefined) return Promise.reject(new ExpiredError(type, byMs))
      scope.count('expired-request', `${type} ${id}`)
      return Promise.resolve('accepted')
    }
    return scope.failpoint('after-drop-expired') ?? next(incoming)
  }
