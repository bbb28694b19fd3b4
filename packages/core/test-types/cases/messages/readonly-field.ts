// A message does not change.
import { OrderPlaced } from '../../orders.js'

const order = new OrderPlaced({ orderId: 'x' })
order.orderId = '' // accepted: void order.orderId

// expect
// TS2540: Cannot assign to 'orderId' because it is a read-only property.
