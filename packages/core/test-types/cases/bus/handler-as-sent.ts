// What is only sent is a message.
import { createBus } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

class Orders {}
createBus({ name: 'orders', handlers: [], sends: [Orders] }) // accepted: createBus({ name: 'orders', handlers: [], sends: [OrderPlaced] })

// expect
// TS2741: Property 'kind' is missing in type 'typeof Orders' but required in type 'AnyMessageClass'.
