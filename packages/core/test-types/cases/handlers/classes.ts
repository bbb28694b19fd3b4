// A class with handle, with a context, with a constructor.
import { CommandHandler, handle, type MessageContext } from '@waybill/core'
import { PlaceOrder, OrderPlaced } from '../../orders.js'

declare class Store {
  save(): Promise<void>
}
@CommandHandler(PlaceOrder, { retry: { immediate: 2, delayed: ['10s', '1m', '10m'] } })
class Place {
  constructor(private readonly store: Store) {}
  async handle(command: PlaceOrder, context: MessageContext) {
    await this.store.save()
    await context.publish(new OrderPlaced({ orderId: command.orderId }))
    return { total: 42 }
  }
}
