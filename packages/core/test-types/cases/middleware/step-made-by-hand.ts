// A step of core comes from its factory.
import type { HandlerStep } from '@waybill/core/middleware'

export const step: HandlerStep = { name: 'recover' } // accepted: export const step: import('@waybill/core').Middleware = { name: 'recover' }

// expect
// TS2741: Property '#private' is missing in type '{ name: string; }' but required in type 'HandlerStep'.
