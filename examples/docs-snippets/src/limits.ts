// #region breaker
import { createBus, on } from '@waybill/core'
import { circuitBreaker, concurrencyLimit, rateLimit, standardPipeline } from '@waybill/core/middleware'
import { OrderPlaced } from './messages.js'

export class GatewayDown extends Error {}

/** What is protected: yours is a client of somebody's API. */
export const gateway = {
  isDown: false,
  charged: [] as string[],
  charge({ customer }: OrderPlaced): void {
    if (this.isDown) throw new GatewayDown('connection refused')
    this.charged.push(customer)
  },
}

export const charge = on(OrderPlaced, { id: 'payments.charge' }, (event) => gateway.charge(event))
export const guarded = standardPipeline({ circuitBreaker: { when: GatewayDown } })

export const bus = createBus({ name: 'payments', pipeline: guarded, handlers: [charge] })
// #endregion

// #region shared
const payments = circuitBreaker({ when: [GatewayDown, (error) => error.message.includes('ECONNREFUSED')], failures: 3, probe: '2s' })

export const sharing = {
  pipeline: standardPipeline().after('recover', payments),
  handlers: [charge],
  endpoints: {
    'payments.receipts': { handlers: [on(OrderPlaced, { id: 'payments.receipt' }, (event) => gateway.charge(event))] },
  },
}
// #endregion

// #region slow
export const slow = standardPipeline({ slowDown: { after: 10, wait: '1s' } })
// #endregion

// #region limits
const customer = (event: OrderPlaced): string => event.customer

export const limited = standardPipeline({ rateLimit: { permits: 5, per: '1s', key: customer } })
// #endregion

// #region handler
const use = [concurrencyLimit({ limit: 2 }), rateLimit({ permits: 100, per: '1m', burst: 1 })]

export const limitedCharge = on(OrderPlaced, { id: 'payments.charge', use }, (event) => gateway.charge(event))
// #endregion
