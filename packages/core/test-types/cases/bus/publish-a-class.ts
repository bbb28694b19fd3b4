// A class is no message.
import type { Bus } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

declare const bus: Bus
void bus.publish(OrderPlaced) // accepted: void bus.publish(new OrderPlaced({ orderId: '' }))

// expect typescript 7
// TS2739: Type 'typeof OrderPlaced' is missing the following properties from type 'Event<string>': [kind], [type], [reply], [returns]

// expect typescript 6
// TS2345: Argument of type 'typeof OrderPlaced' is not assignable to parameter of type 'Event<string>'.
//   Type 'typeof OrderPlaced' is missing the following properties from type 'Event<string>': [kind], [type], [reply], [returns]
