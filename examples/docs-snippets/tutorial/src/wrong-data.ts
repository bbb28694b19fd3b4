import { PlaceOrder } from './messages.js'

console.log(new PlaceOrder({ orderId: 'one', total: -1 }))
