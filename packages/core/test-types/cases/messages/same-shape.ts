// A message is nominal: another of the same shape is another.
import { OrderPlaced, OrderCancelled } from '../../orders.js'

const placed: OrderPlaced = new OrderCancelled({ orderId: '' }) // accepted: const placed: OrderPlaced | OrderCancelled = new OrderCancelled({ orderId: '' })

// expect
// TS2322: Type 'OrderCancelled' is not assignable to type 'OrderPlaced'.
//   Types of property '[type]' are incompatible.
//     Type '"orders.order-cancelled"' is not assignable to type '"orders.order-placed"'.
