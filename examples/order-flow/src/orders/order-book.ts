import { injectable } from 'inversify'
import { statuses } from './messages.js'

export type Status = (typeof statuses)[number]
export interface Order {
  readonly orderId: string
  readonly cents: number
  readonly status: Status
}

/** The orders, in memory. */
@injectable()
export class OrderBook {
  readonly #orders = new Map<string, Order>()

  /** Events come in any order and may come twice: an order only moves forward. */
  write(orderId: string, cents: number, status: Status): void {
    const before = this.#orders.get(orderId)
    if (before === undefined || statuses.indexOf(status) > statuses.indexOf(before.status)) this.#orders.set(orderId, { orderId, cents, status })
  }

  find(orderId: string): Order | undefined {
    return this.#orders.get(orderId)
  }
}
