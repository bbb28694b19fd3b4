// A spread is plain data, and makes another message.
import { PlaceOrder } from '../../orders.js'
import { same } from '../../same.js'

const order = new PlaceOrder({ orderId: 'x', lines: [] })
const copied = { ...order }
same<keyof typeof copied, 'orderId' | 'lines'>(true)
new PlaceOrder({ ...order, lines: [] }).count
