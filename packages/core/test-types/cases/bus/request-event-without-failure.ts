// A failure that was not declared cannot be the outcome.
import type { Bus } from '@waybill/core'
import { OrderPlaced, PlaceOrder } from '../../orders.js'

declare const bus: Bus
void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced }).then(({ outcome }) => outcome === 'failure') // accepted: void bus.requestEvent(new PlaceOrder({ orderId: '', lines: [] }), { success: OrderPlaced }).then(({ outcome }) => outcome === 'success')

// expect
// TS2367: This comparison appears to be unintentional because the types '"success"' and '"failure"' have no overlap.
