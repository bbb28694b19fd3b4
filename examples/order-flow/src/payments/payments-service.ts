import { createBus, type Bus } from '@waybill/core'
import { inversifyContainer } from '@waybill/inversify'
import { Container } from 'inversify'
import { carryBatch } from '../flow/batch.js'
import { Journal } from '../flow/journal.js'
import type { ServiceOptions } from '../flow/service-options.js'
import { CardGateway } from './card-gateway.js'
import { ChargeCard } from './charge-card.js'
import { Latency } from './latency.js'
import { PaymentReceived } from './messages.js'

/** Charges what is ordered. */
export function createPaymentsBus({ transport, shared, logger }: ServiceOptions, seed: number): Bus {
  const container = new Container({ parent: shared })
  container.bind(Latency).toConstantValue(new Latency(seed))
  container.bind(CardGateway).toSelf().inSingletonScope()
  return createBus({
    name: 'payments',
    transport,
    handlers: [ChargeCard],
    sends: [PaymentReceived],
    middleware: [carryBatch, shared.get(Journal).middleware],
    container: inversifyContainer(container),
    logger,
  })
}
