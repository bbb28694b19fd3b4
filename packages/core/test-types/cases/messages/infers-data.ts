// The fields of a message are the output of its schema, readonly.
import { PlaceOrder } from '../../orders.js'
import { same } from '../../same.js'

const order = new PlaceOrder({ orderId: 'x', lines: [] })
same<typeof order.orderId, string>(true)
same<typeof order.lines, { sku: string; quantity: number }[]>(true)
