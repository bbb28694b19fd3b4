import { createBus, type Bus } from '@waybill/core'
import { inversifyContainer } from '@waybill/inversify'
import { Container } from 'inversify'
import { carryBatch } from '../flow/batch.js'
import { Journal } from '../flow/journal.js'
import type { ServiceOptions } from '../flow/service-options.js'
import { OrderShipped } from './messages.js'
import { ShipOrderHandler } from './ship-order-handler.js'

/** Ships what it is told to. */
export function createShippingBus({ transport, shared, logger }: ServiceOptions): Bus {
  return createBus({
    name: 'shipping',
    transport,
    handlers: [ShipOrderHandler],
    sends: [OrderShipped],
    middleware: [carryBatch, shared.get(Journal).middleware],
    container: inversifyContainer(new Container({ parent: shared })),
    logger,
  })
}
