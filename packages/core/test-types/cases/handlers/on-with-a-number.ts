// An event handler returns nothing, so that a reply that nobody declared is seen.
import { on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

const seen: string[] = []
on(OrderPlaced, { id: 'x' }, (event) => seen.push(event.orderId)) // accepted: on(OrderPlaced, { id: 'x' }, (event) => { seen.push(event.orderId) })

// expect
// TS2322: Type 'number' is not assignable to type 'void | Promise<void>'.
