// An option that does not exist is refused.
import { createBus } from '@waybill/core'

createBus({ name: 'orders', handlers: [], middelware: [] }) // accepted: createBus({ name: 'orders', handlers: [], middleware: [] })

// expect
// TS2561: Object literal may only specify known properties, but 'middelware' does not exist in type 'BusOptions<never, {}>'. Did you mean to write 'middleware'?
