// A step stands at one of four stages.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { mesage: async () => ({ outcome: 'accepted' }) } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async () => ({ outcome: 'accepted' }) } }

// expect
// TS2561: Object literal may only specify known properties, but 'mesage' does not exist in type '{ readonly wire?: Step<IncomingWireContext, Passed>; readonly message?: Step<MessageContext, Settlement>; }'. Did you mean to write 'message'?
