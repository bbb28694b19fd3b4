import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** Announces the delivery to whoever listens; `settle` announces its answer. */
export const trace =
  (scope: BusScope): Step<IncomingDelivery, Disposition> =>
  (incoming, next) => {
    const { delivery, endpoint } = incoming
    if (instrumentation.deliver.hasSubscribers) announce('deliver', { bus: scope.bus, instanceId: scope.instanceId, endpoint, delivery })
    return scope.failpoint('after-receive') ?? next(incoming)
  }
