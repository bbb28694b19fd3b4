// A codec reads what encode writes.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { BigText } from '../../orders.js'
import { same } from '../../same.js'

class Coded extends Event('x.coded', z.object({ at: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }) })) {}
class Big extends Event('x.big', z.object({ total: BigText }), { encode: (data) => ({ total: data.total.toString() }), key: (data) => data.total.toString() }) {}
same<Coded['at'], Date>(true)
same<Big['total'], bigint>(true)
