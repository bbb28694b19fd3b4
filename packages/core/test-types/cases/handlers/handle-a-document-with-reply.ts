// A document has no reply.
import { handle } from '@waybill/core'
import { Scan } from '../../orders.js'

handle(Scan, (scan) => scan.text()) // accepted: handle(Scan, (scan) => { scan.text() })

// expect
// TS2322: Type 'string' is not assignable to type 'void | Promise<void>'.
