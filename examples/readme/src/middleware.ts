// #region tenant
import { contextKey, currentContext, type Middleware } from '@waybill/core'

export const Tenant = contextKey<string>('tenant')

/** Reads the tenant of each message, and gives it to everything that is sent while that is handled. */
export const tenant: Middleware = {
  name: 'tenant',
  incoming: {
    message(context, next) {
      context.set(Tenant, context.headers['tenant'] ?? 'public')
      return next(context)
    },
  },
  outgoing: {
    message(context, next) {
      context.headers['tenant'] ??= currentContext()?.get(Tenant) ?? 'public'
      return next(context)
    },
  },
}
// #endregion

// #region timing
/** What comes after `await next(context)` runs when the handler has ended. */
export const timing = (record: (handler: string, ms: number) => void): Middleware => ({
  name: 'timing',
  incoming: {
    async message(context, next) {
      const startedAt = performance.now()
      try {
        return await next(context)
      } finally {
        record(context.handler, performance.now() - startedAt)
      }
    },
  },
})
// #endregion
