// A wire step passes or throws.
import type { Middleware } from '@waybill/core'

export const step: Middleware = { name: 'm', incoming: { wire: async () => ({ outcome: 'accepted' }) } } // accepted: export const step: Middleware = { name: 'm', incoming: { wire: async (context, next) => next(context) } }

// expect
// TS2322: Type '() => Promise<{ outcome: string; }>' is not assignable to type 'Step<IncomingWireContext, Passed>'.
//   Type 'Promise<{ outcome: string; }>' is not assignable to type 'Promise<Passed>'.
//     Property '[passed]' is missing in type '{ outcome: string; }' but required in type 'Passed'.
