// A key has the type of its value.
import { contextKey, type Middleware } from '@waybill/core'

const Tenant = contextKey<string>('tenant')
export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { context.set(Tenant, 5); return next(context) } } } // accepted: export const step: Middleware = { name: 'm', incoming: { message: async (context, next) => { context.set(Tenant, '5'); return next(context) } } }

// expect
// TS2345: Argument of type 'number' is not assignable to parameter of type 'string'.
