// A codec reads the wire form; encode has to write it.
import { Event } from '@waybill/core'
import { z } from 'zod'
import { BigText } from '../../orders.js'

class Total extends Event('x.total', z.object({ total: BigText })) {} // accepted: class Total extends Event('x.total', z.object({ total: BigText }), { encode: (data) => ({ total: data.total.toString() }) }) {}

// expect
// TS2507: Type 'Mistake<"x.total: these fields do not come back from JSON, use a codec or encode", "total">' is not a constructor function type.
