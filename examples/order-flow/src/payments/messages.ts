import { Event } from '@waybill/core'
import { z } from 'zod'

export class PaymentReceived extends Event('payments.payment-received', z.object({ orderId: z.uuid(), cents: z.int(), receipt: z.string() }), {
  key: 'orderId',
}) {}
