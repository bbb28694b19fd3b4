import { Bus, EventHandler } from '@waybill/core'
import { injectable } from 'inversify'
import { PaymentReceived } from '../payments/messages.js'
import { ShipOrder } from '../shipping/messages.js'

/** Has shipped what is paid. */
@injectable()
export class Fulfilment {
  constructor(private readonly bus: Bus) {}

  @EventHandler(PaymentReceived)
  async ship({ orderId, cents }: PaymentReceived): Promise<void> {
    // Through the injected bus, and still held until this handler succeeds.
    await this.bus.send(new ShipOrder({ orderId, cents }))
  }
}
