// A middleware sets what a handler gets.
import { contextKey, type Middleware, on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'
import { same } from '../../same.js'

const Tenant = contextKey<string>('tenant')
export const tenant: Middleware = {
  name: 'tenant',
  incoming: {
    message: async (context, next) => {
      const id = context.headers['tenant']
      if (id === 'blocked') return { outcome: 'rejected', reason: 'the tenant is blocked' }
      context.set(Tenant, id ?? 'default')
      return next(context)
    },
  },
}
on(OrderPlaced, { id: 'd', use: [tenant] }, (_event, context) => {
  const id = context.get(Tenant)
  same<typeof id, string>(true)
})
