// A copy is plain data.
import { OrderPlaced } from '../../orders.js'

const placed: OrderPlaced = { ...new OrderPlaced({ orderId: '' }) } // accepted: const placed: { readonly orderId: string } = { ...new OrderPlaced({ orderId: '' }) }

// expect
// TS2739: Type '{ orderId: string; }' is missing the following properties from type 'OrderPlaced': [kind], [type], [reply], [returns]
