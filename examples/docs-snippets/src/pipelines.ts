// #region compose
import { createBus, on, type Middleware } from '@waybill/core'
import { dropExpired, filter, flushOutgoing, recover, standardPipeline, timeout } from '@waybill/core/middleware'
import { OrderPlaced } from './messages.js'

export const mailed: string[] = []
const mail = async (to: string): Promise<void> => void mailed.push(to)

/** Keeps for people what belongs to nobody, before anything else is done for it. */
export const knownTenant: Middleware = {
  name: 'known-tenant',
  incoming: {
    async message(context, next) {
      return context.headers['tenant'] === undefined ? { outcome: 'rejected', reason: 'no-tenant' } : next(context)
    },
  },
}

export const bus = createBus({
  name: 'mail',
  pipeline: standardPipeline({
    logging: { level: 'info' },
    recover: { immediate: 1, delayed: ['10s', '1m'] },
    dropExpired: true,
    timeout: { after: '5s' },
  }).after('recover', knownTenant),
  handlers: [on(OrderPlaced, { id: 'mail.confirm' }, ({ customer }) => mail(customer))],
})
// #endregion

// #region list
export const listed = createBus({
  name: 'mail',
  pipeline: [recover(), knownTenant, dropExpired({ clockSkew: '1s' }), flushOutgoing(), timeout({ after: '5s' })],
  handlers: [on(OrderPlaced, { id: 'mail.confirm' }, ({ customer }) => mail(customer))],
})
// #endregion

// #region handler
const toAnAddress = filter({ where: (message) => message instanceof OrderPlaced && message.customer.includes('@') })

export const filtered = createBus({
  name: 'mail',
  handlers: [on(OrderPlaced, { id: 'mail.confirm', use: [toAnAddress] }, ({ customer }) => mail(customer))],
})
// #endregion

// #region refused
export const refused = createBus({
  name: 'mail',
  pipeline: [flushOutgoing(), recover()],
  handlers: [on(OrderPlaced, { id: 'mail.confirm' }, ({ customer }) => mail(customer))],
})
// #endregion
