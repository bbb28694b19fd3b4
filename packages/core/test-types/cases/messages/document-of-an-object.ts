// A document is bytes or text.
import { Scan } from '../../orders.js'

new Scan({ page: 1 }) // accepted: new Scan(JSON.stringify({ page: 1 }))

// expect
// TS2353: Object literal may only specify known properties, and 'page' does not exist in type 'Uint8Array<ArrayBufferLike>'.
