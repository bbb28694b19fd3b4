import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import { ExpiredError } from '../errors/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** An expired request neither runs nor replies: its caller has given up. What else expires is a dead letter. The sender's clock may be ahead, so there is an allowance. */
export const dropExpired =
  (scope: BusScope): Step<IncomingDelivery, Disposition> =>
  (incoming, next) => {
    const { expiresAt, replyTo, type, id } = incoming.envelope
    if (expiresAt !== undefined) {
      const byMs = scope.clock.now() - expiresAt
      if (replyTo !== undefined && byMs > 0) {
        scope.count('expired-request', `${type} ${id}`)
        return Promise.resolve('accepted')
      }
      if (byMs > incoming.setup.clockSkewMs) return Promise.reject(new ExpiredError(type, byMs))
    }
    return scope.failpoint('after-drop-expired') ?? next(incoming)
  }
