// Before deserialization there is no message.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { wire: async (context, next) => { context.message; return next(context) } } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { context.message; return next(context) } } }

// expect
// TS2339: Property 'message' does not exist on type 'IncomingWireContext'.
