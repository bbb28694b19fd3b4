// The reply has the type that its message declares.
import type { Bus } from '@waybill/core'
import { PlaceOrder } from '../../orders.js'

declare const bus: Bus
void bus.request(new PlaceOrder({ orderId: '', lines: [] })).then((reply) => reply.totl) // accepted: void bus.request(new PlaceOrder({ orderId: '', lines: [] })).then((reply) => reply.total)

// expect
// TS2551: Property 'totl' does not exist on type '{ total: number; }'. Did you mean 'total'?
