import type { Step } from '../context/index.js'
import type { Disposition } from '../contract/index.js'
import type { BusScope } from '../runtime/bus-scope.js'
import { announce, instrumentation } from '../runtime/instrumentation.js'
import type { IncomingDelivery } from './incoming-delivery.js'

/** Announces the delivery and its answer to whoever listens. */
export const trace = (scope: BusScope): Step<IncomingDelivery, Disposition> => {
  const traced: Step<IncomingDelivery, Disposition> = async (incoming, next) => {
    const { delivery, endpoint } = incoming
    const on = { bus: scope.bus, instanceId: scope.instanceId, endpoint, delivery }
    if (instrumentation.deliver.hasSubscribers) announce('deliver', on)
    const crash = scope.failpoint('after-receive')
    if (crash !== undefined) await crash
    const disposition = await next(incoming)
    const before = scope.failpoint('before-settle')
    if (before !== undefined) await before
    if (instrumentation.settle.hasSubscribers) announce('settle', { ...on, disposition })
    return disposition
  }
  return traced
}
