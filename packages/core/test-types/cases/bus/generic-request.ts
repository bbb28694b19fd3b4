// A helper may request any query.
import { type Bus, Query, type ReplyOf } from '@waybill/core'
import { GetOrder } from '../../orders.js'
import { same } from '../../same.js'

declare const bus: Bus
async function ask<Q extends Query>(query: Q): Promise<ReplyOf<Q>> {
  return bus.request(query, { timeout: '2s' })
}
const asked = () => ask(new GetOrder({ orderId: '' }))
same<ReturnType<typeof asked>, Promise<{ orderId: string; total: number }>>(true)
