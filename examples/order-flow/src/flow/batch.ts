import { contextKey, currentContext, type Middleware } from '@waybill/core'

/** The import that an order came with. A broker may still hold messages of an earlier one. */
export const Batch = contextKey<string>('batch')
export const batchHeader = 'batch'

/** Carries the batch from each message to everything that it causes, through all services. */
export const carryBatch: Middleware = {
  name: 'carry-batch',
  incoming: {
    message(context, next) {
      const batch = context.headers[batchHeader]
      if (batch !== undefined) context.set(Batch, batch)
      return next(context)
    },
  },
  outgoing: {
    message(context, next) {
      const batch = currentContext()?.find(Batch)
      if (batch !== undefined) context.headers[batchHeader] ??= batch
      return next(context)
    },
  },
}
