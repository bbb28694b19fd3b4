import { createBus, type Bus } from '@waybill/core'
import { inversifyContainer } from '@waybill/inversify'
import { Container } from 'inversify'
import { carryBatch } from '../flow/batch.js'
import { Journal } from '../flow/journal.js'
import type { ServiceOptions } from '../flow/service-options.js'
import { ShipOrder } from '../shipping/messages.js'
import { Fulfilment } from './fulfilment.js'
import { GetOrderHandler } from './get-order-handler.js'
import { OrderBook } from './order-book.js'
import { PlaceOrderHandler } from './place-order-handler.js'
import { OrderProjection } from './order-projection.js'

/** Takes orders and moves them on; sends to shipping what is paid. */
export function createOrdersBus({ transport, shared, logger }: ServiceOptions): Bus {
  const container = new Container({ parent: shared })
  container.bind(OrderBook).toSelf().inSingletonScope()
  return createBus({
    name: 'orders',
    transport,
    handlers: [PlaceOrderHandler, GetOrderHandler, Fulfilment, OrderProjection],
    sends: [ShipOrder],
    middleware: [carryBatch, shared.get(Journal).middleware],
    container: inversifyContainer(container),
    logger,
  })
}
