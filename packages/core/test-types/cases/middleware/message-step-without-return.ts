// A step returns what next gives.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { await next(context) } } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { return await next(context) } } }

// expect
// TS2322: Type '(context: MessageContext, next: (context: MessageContext) => Promise<Settlement>) => Promise<void>' is not assignable to type 'Step<MessageContext, Settlement>'.
//   Type 'Promise<void>' is not assignable to type 'Promise<Settlement>'.
//     Type 'void' is not assignable to type 'Settlement'.
