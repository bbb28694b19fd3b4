// A literal is no message.
import { OrderPlaced } from '../../orders.js'

const placed: OrderPlaced = { orderId: '' } // accepted: const placed: OrderPlaced = new OrderPlaced({ orderId: '' })

// expect
// TS2739: Type '{ orderId: string; }' is missing the following properties from type 'OrderPlaced': [kind], [type], [reply], [returns]
