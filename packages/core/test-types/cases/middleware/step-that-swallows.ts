// A caught error is settled or thrown.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { try { return await next(context) } catch { console.log() } } } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { try { return await next(context) } catch (error) { throw error } } } }

// expect
// TS2322: Type '(context: MessageContext, next: (context: MessageContext) => Promise<Settlement>) => Promise<Settlement | undefined>' is not assignable to type 'Step<MessageContext, Settlement>'.
//   Type 'Promise<Settlement | undefined>' is not assignable to type 'Promise<Settlement>'.
//     Type 'Settlement | undefined' is not assignable to type 'Settlement'.
//       Type 'undefined' is not assignable to type 'Settlement'.
