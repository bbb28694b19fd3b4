import { QueryHandler, UnrecoverableError } from '@waybill/core'
import { injectable } from 'inversify'
import { GetOrder } from './messages.js'
import { OrderBook, type Order } from './order-book.js'

@injectable()
@QueryHandler(GetOrder)
export class GetOrderHandler {
  constructor(private readonly book: OrderBook) {}

  handle({ orderId }: GetOrder): Order {
    const order = this.book.find(orderId)
    if (order === undefined) throw new UnrecoverableError(`The order ${orderId} is unknown`)
    return order
  }
}
