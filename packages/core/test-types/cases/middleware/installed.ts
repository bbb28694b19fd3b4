// Middleware is installed on the bus.
import { createBus, type Middleware, on } from '@waybill/core'
import { OrderPlaced } from '../../orders.js'

declare const timing: Middleware
createBus({ name: 'x', handlers: [on(OrderPlaced, { id: 'd' }, () => {})], middleware: [timing] })
