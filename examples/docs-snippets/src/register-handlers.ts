import { createBus, handle } from '@waybill/core'
import { PlaceOrderHandler, type Orders } from './class-handler.js'
import { ImportCatalog } from './documents.js'

const importCatalog = handle(ImportCatalog, () => undefined)

export const createOrdersBus = (orders: Orders) =>
  // #region register
  createBus({
    name: 'orders',
    handlers: [new PlaceOrderHandler(orders), importCatalog],
    routes: { 'catalog.*': 'orders' },
  })
// #endregion
