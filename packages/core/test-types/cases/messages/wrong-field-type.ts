// A field has the type of its schema.
import { PlaceOrder } from '../../orders.js'

new PlaceOrder({ orderId: 5, lines: [] }) // accepted: new PlaceOrder({ orderId: '5', lines: [] })

// expect
// TS2322: Type 'number' is not assignable to type 'string'.
