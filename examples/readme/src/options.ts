// #region options
import { createBus } from '@waybill/core'
import { audit } from './function-handlers.js'
import { Orders } from './handlers-on-methods.js'
import { OrderCanceled } from './messages.js'
import { tenant } from './middleware.js'

export const createOrdersBus = (transport: string) =>
  createBus({
    name: 'orders',
    transport,
    handlers: [Orders],
    middleware: [tenant],
    concurrency: 20,
    handlerTimeout: '30s',
    // What it sends without handling it here.
    sends: [OrderCanceled],
    // Handlers that need other settings get an endpoint of their own.
    endpoints: { 'orders.audit': { handlers: [audit], concurrency: 1 } },
  })
// #endregion
