// A copy is no message.
import type { Bus } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

declare const bus: Bus
void bus.publish({ ...new OrderPlaced({ orderId: '' }) }) // accepted: void bus.publish(new OrderPlaced({ ...new OrderPlaced({ orderId: '' }) }))

// expect typescript 7
// TS2739: Type '{ orderId: string; }' is missing the following properties from type 'Event<string>': [kind], [type], [reply], [returns]

// expect typescript 6
// TS2345: Argument of type '{ orderId: string; }' is not assignable to parameter of type 'Event<string>'.
//   Type '{ orderId: string; }' is missing the following properties from type 'Event<string>': [kind], [type], [reply], [returns]
