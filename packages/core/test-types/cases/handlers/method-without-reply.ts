// A query has a reply.
import { QueryHandler } from '@waybill/core'
import { GetOrder } from '../../orders.js'

class Orders {
  @QueryHandler(GetOrder)
  async get(_query: GetOrder) {} // accepted: async get(_query: GetOrder) { return { orderId: 'x', total: 1 } }
}

// expect legacy
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type 'TypedPropertyDescriptor<(_query: GetOrder) => Promise<void>>' is not assignable to parameter of type 'readonly ["the handler must reply", { orderId: string; total: number; }]'.

// expect standard
// TS1241: Unable to resolve signature of method decorator when called as an expression.
//   Argument of type '(_query: GetOrder) => Promise<void>' is not assignable to parameter of type 'Mistake<"the handler must reply", { orderId: string; total: number; }>'.
