// Every way out of a step settles.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { if (context.attempt > 1) return next(context) } } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { if (context.attempt > 1) return next(context); return { outcome: 'accepted' } } } }

// expect
// TS2322: Type '(context: MessageContext, next: (context: MessageContext) => Promise<Settlement>) => Promise<Settlement | undefined>' is not assignable to type 'Step<MessageContext, Settlement>'.
//   Type 'Promise<Settlement | undefined>' is not assignable to type 'Promise<Settlement>'.
//     Type 'Settlement | undefined' is not assignable to type 'Settlement'.
//       Type 'undefined' is not assignable to type 'Settlement'.
