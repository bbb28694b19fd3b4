// A class whose constructor has parameters needs a container.
import { CommandHandler, type Container, createBus, handle } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

declare const container: Container
@CommandHandler(PlaceOrder)
class Place {
  constructor(readonly rate: number) {}
  handle(_command: PlaceOrder) {
    return { total: this.rate }
  }
}
createBus({ name: 'orders', handlers: [Place] }) // accepted: createBus({ name: 'orders', handlers: [Place], container })

// expect
// TS2345: Argument of type '{ name: string; handlers: (typeof Place)[]; }' is not assignable to parameter of type 'BusOptions<typeof Place, {}>'.
//   Property 'container' is missing in type '{ name: string; handlers: (typeof Place)[]; }' but required in type 'ContainerFor<typeof Place>'.
