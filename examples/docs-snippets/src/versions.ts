// #region versions
import { Event, EventHandler } from '@waybill/core'
import { z } from 'zod'

const V1 = z.object({ orderId: z.uuid(), name: z.string() })
const V2 = z.object({ orderId: z.uuid(), first: z.string(), last: z.string() })

export class CustomerNamed extends Event('orders.customer-named', z.object({ orderId: z.uuid(), first: z.string(), last: z.string(), title: z.string() }), {
  version: 3,
  upcast: {
    1: (data) => {
      const { orderId, name } = V1.parse(data)
      const [first = '', ...rest] = name.split(' ')
      return { orderId, first, last: rest.join(' ') }
    },
    2: (data) => ({ ...V2.parse(data), title: '' }),
  },
}) {}

export const greeted: string[] = []

@EventHandler(CustomerNamed, { id: 'mail.greet' })
export class Greet {
  handle({ title, last }: CustomerNamed) {
    greeted.push(`${title} ${last}`.trim())
  }
}
// #endregion
