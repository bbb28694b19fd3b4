// The constructor takes the input of the schema.
import { PlaceOrder } from '../../orders.js'

new PlaceOrder({ orderId: 'x' }) // accepted: new PlaceOrder({ orderId: 'x', lines: [] })

// expect typescript 7
// TS2741: Property 'lines' is missing in type '{ orderId: string; }' but required in type '{ orderId: string; lines: { sku: string; quantity: number; }[]; }'.

// expect typescript 6
// TS2345: Argument of type '{ orderId: string; }' is not assignable to parameter of type '{ orderId: string; lines: { sku: string; quantity: number; }[]; }'.
//   Property 'lines' is missing in type '{ orderId: string; }' but required in type '{ orderId: string; lines: { sku: string; quantity: number; }[]; }'.
