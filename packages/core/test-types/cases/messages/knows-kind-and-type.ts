// Kind and type are literal types.
import { PlaceOrder, Scan } from '../../orders.js'
import { same } from '../../same.js'

same<typeof PlaceOrder.type, 'orders.place-order'>(true)
same<typeof PlaceOrder.kind, 'command'>(true)
same<typeof Scan.kind, 'document'>(true)
