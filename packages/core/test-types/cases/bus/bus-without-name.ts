// A bus has a name.
import { createBus } from '@waybill/core'

createBus({ handlers: [] }) // accepted: createBus({ name: 'orders', handlers: [] })

// expect
// TS2345: Argument of type '{ handlers: never[]; }' is not assignable to parameter of type 'BusOptions<never, {}>'.
//   Property 'name' is missing in type '{ handlers: never[]; }' but required in type 'CommonOptions'.
