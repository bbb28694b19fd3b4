// A class cannot be a union: it is a field.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { Payment } from '../../orders.js'

class Paid extends Event('pay.paid', Payment) {} // accepted: class Paid extends Event('pay.paid', z.object({ payment: Payment })) {}

// expect
// TS2507: Type 'Mistake<"pay.paid: wrap the union in z.object({ … }), it is", { method: "card"; last4: string; } | { method: "sepa"; iban: string; }>' is not a constructor function type.
