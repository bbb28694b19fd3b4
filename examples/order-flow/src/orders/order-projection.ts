import { EventHandler } from '@waybill/core'
import { injectable } from 'inversify'
import { Tally } from '../flow/tally.js'
import { PaymentReceived } from '../payments/messages.js'
import { OrderShipped } from '../shipping/messages.js'
import { OrderPlaced } from './messages.js'
import { OrderBook } from './order-book.js'

/** Keeps what GetOrder answers. Several handlers in one class, on methods. */
@injectable()
export class OrderProjection {
  constructor(
    private readonly book: OrderBook,
    private readonly tally: Tally,
  ) {}

  @EventHandler(OrderPlaced)
  placed({ orderId, cents }: OrderPlaced): void {
    this.book.write(orderId, cents, 'placed')
  }

  @EventHandler(PaymentReceived)
  paid({ orderId, cents }: PaymentReceived): void {
    this.book.write(orderId, cents, 'paid')
  }

  @EventHandler(OrderShipped)
  shipped({ orderId, cents }: OrderShipped): void {
    this.book.write(orderId, cents, 'shipped')
    this.tally.shipped(orderId)
  }
}
