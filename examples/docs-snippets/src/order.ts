// #region order
import { Event, EventHandler } from '@waybill/core'
import { z } from 'zod'

const options = { topic: 'orders.life', key: 'orderId', ordered: true } as const

export class OrderPlaced extends Event('orders.order-placed', z.object({ orderId: z.uuid() }), options) {}
export class OrderShipped extends Event('orders.order-shipped', z.object({ orderId: z.uuid() }), options) {}

export class OrderStatuses {
  readonly statuses = new Map<string, readonly string[]>()

  @EventHandler([OrderPlaced, OrderShipped], { id: 'orders.statuses', retry: { immediate: 2, delayed: ['1s', '5s'] } })
  async follow(event: OrderPlaced | OrderShipped) {
    const before = this.statuses.get(event.orderId) ?? []
    await Promise.resolve()
    this.statuses.set(event.orderId, [...before, event instanceof OrderPlaced ? 'placed' : 'shipped'])
  }
}
// #endregion
