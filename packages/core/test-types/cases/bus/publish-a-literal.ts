// A literal is no message.
import type { Bus } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

declare const bus: Bus
void bus.publish({ orderId: '' }) // accepted: void bus.publish(new OrderPlaced({ orderId: '' }))

// expect
// TS2353: Object literal may only specify known properties, and 'orderId' does not exist in type 'Event<string>'.
