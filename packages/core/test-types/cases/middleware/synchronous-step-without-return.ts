// A step returns what next gives, also without async.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { message: (context, next) => { next(context) } } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: (context, next) => next(context) } }

// expect
// TS2322: Type '(context: MessageContext, next: (context: MessageContext) => Promise<Settlement>) => void' is not assignable to type 'Step<MessageContext, Settlement>'.
//   Type 'void' is not assignable to type 'Promise<Settlement>'.
