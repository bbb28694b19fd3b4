// A foreign wire form that is no object is wrapped on the way in and unwrapped on the way out.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Line, Payment } from '../../orders.js'

class ForeignPaid extends Event('pay.foreign', Payment.transform((payment) => ({ payment })), { encode: (data) => data.payment }) {}
class ForeignBatch extends Event('iot.batch', z.array(Line).transform((lines) => ({ lines })), { encode: (data) => data.lines }) {}
new ForeignPaid({ method: 'sepa', iban: 'x' }).payment.method
new ForeignBatch([{ sku: 'a', quantity: 1 }]).lines.length
