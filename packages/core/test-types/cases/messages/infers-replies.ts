// The reply belongs to the message.
import type { ReplyOf } from '@waybill/core'
import { PlaceOrder, CancelOrder, GetOrder } from '../../orders.js'
import { same } from '../../same.js'

same<ReplyOf<PlaceOrder>, { total: number }>(true)
same<ReplyOf<CancelOrder>, void>(true)
same<ReplyOf<GetOrder>, { orderId: string; total: number }>(true)
