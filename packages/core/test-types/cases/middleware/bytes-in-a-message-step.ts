// After deserialization there are no bytes.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { context.body; return next(context) } } } // accepted: export const step: Middleware = { name: 'm', incoming: { wire: async (context, next) => { context.body; return next(context) } } }

// expect
// TS2339: Property 'body' does not exist on type 'MessageContext'.
