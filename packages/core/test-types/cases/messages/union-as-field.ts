// A union is a field and narrows.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Payment } from '../../orders.js'

class Paid extends Event('pay.paid', z.object({ payment: Payment })) {}
const paid = new Paid({ payment: { method: 'card', last4: '1' } })
if (paid.payment.method === 'sepa') paid.payment.iban
