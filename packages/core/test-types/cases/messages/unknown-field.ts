// The schema would drop a field that it does not know.
import { PlaceOrder } from '../../orders.js'

new PlaceOrder({ orderId: 'x', lines: [], extra: 1 }) // accepted: new PlaceOrder({ orderId: 'x', lines: [] })

// expect
// TS2353: Object literal may only specify known properties, and 'extra' does not exist in type '{ orderId: string; lines: { sku: string; quantity: number; }[]; }'.
