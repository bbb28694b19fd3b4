// A gather knows its endpoints and the reply; who has all answers misses nobody.
import type { Bus, MessageContext } from '@waybill/core'
import { GetOrder, PlaceOrder } from '../../orders.js'
import { same } from '../../same.js'

declare const bus: Bus
declare const names: string[]
export async function use(context: MessageContext) {
  const gathered = await bus.gather(new GetOrder({ orderId: '' }), { from: ['a', 'b'], quorum: 2, timeout: '5s', headers: { a: 'b' } })
  for (const { from, reply } of gathered.replies) {
    same<typeof from, 'a' | 'b'>(true)
    same<typeof reply, { orderId: string; total: number }>(true)
  }
  for (const { error } of gathered.failed) same<typeof error, Error>(true)
  if (gathered.releasedBy === 'all') same<typeof gathered.missing, readonly []>(true)
  else same<(typeof gathered.missing)[0], 'a' | 'b'>(true)
  const { missing } = await context.gather(new PlaceOrder({ orderId: '', lines: [] }), { from: names, count: 1 })
  same<(typeof missing)[number], string>(true)
}
