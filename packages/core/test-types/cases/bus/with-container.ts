// A container makes what has parameters.
import { CommandHandler, type Container, createBus, handle, on } from '@waybill/core'
import { PlaceOrder, OrderPlaced } from '../../orders.js'

declare const container: Container
@CommandHandler(PlaceOrder)
class Place {
  constructor(readonly rate: number) {}
  handle(_command: PlaceOrder) {
    return { total: this.rate }
  }
}
createBus({ name: 'orders', transport: 'amqp://localhost', handlers: [Place, on(OrderPlaced, { id: 'a' }, () => {})], container })
