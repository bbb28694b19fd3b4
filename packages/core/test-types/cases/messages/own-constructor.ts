// A message may have a constructor of its own.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Own extends Event('x.own', z.object({ a: z.string() })) {
  constructor(a: string) {
    super({ a })
  }
}
new Own('x').a
Own.parse({ a: 'x' }).a
