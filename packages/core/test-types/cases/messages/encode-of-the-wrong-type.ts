// encode writes what the schema reads.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { BigText } from '../../orders.js'

const encode = (data: { readonly total: bigint }) => ({ total: Number(data.total) }) // accepted: const encode = (data: { readonly total: bigint }) => ({ total: String(data.total) })
class Total extends Event('x.total', z.object({ total: BigText }), { encode }) {}

// expect
// TS2507: Type 'Mistake<"x.total: the schema cannot read what encode returns", { total: number; }>' is not a constructor function type.
