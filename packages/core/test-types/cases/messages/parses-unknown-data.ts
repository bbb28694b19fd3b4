// parse gives an instance of the class that it is called on.
import { PlaceOrder } from '../../orders.js'
import { same } from '../../same.js'

const fromBody = (body: unknown) => PlaceOrder.parse(body)
same<ReturnType<typeof fromBody>, PlaceOrder>(true)
